import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Proposal, PruneOptions } from '../../../src/index.js'
import { fixedClock } from '../../../src/testing/index.js'
import { tamper } from '../loop/ledger-file.js'
import { agent, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, flowOf, inputOf } from '../workflow/acts.js'
import { type FlowChange, openFlow } from '../workflow/waiver-flow.js'

const DAY_MS = 24 * 60 * 60 * 1000

/** What is left of records after the operator has had the ledger forget them. */
describe('pruning', () => {
  let shop: Shop
  let clock = fixedClock()
  let loop: Loop
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(() => shop.drop())
  afterEach(() => loop.close())

  /** A world of its own on the first of January 2030. */
  async function open(): Promise<void> {
    clock = fixedClock('2030-01-01T00:00:00.000Z')
    loop = await openLoop(shop, {}, { clock })
  }

  /** A proposal that was applied, and a year that has gone by. */
  async function appliedLongAgo(): Promise<Proposal> {
    await open()
    const proposal = await loop.approved()
    await loop.runner.apply(proposal.id)
    clock.advance(365 * DAY_MS)
    return proposal
  }

  /** Whether the ledger, or its log, holds these words anywhere. */
  function isOnDisk(words: string): boolean {
    const files = readdirSync(shop.folder).filter((name) => join(shop.folder, name).startsWith(loop.ledger))
    return files.some((name) => readFileSync(join(shop.folder, name)).includes(words))
  }

  const yesterday = () => new Date(clock.now().getTime() - DAY_MS)
  const pruneAll = () => loop.runner.ledger.prune({ older_than: yesterday() })

  it('erases what was applied, and leaves a ledger that is whole', async () => {
    const { id } = await appliedLongAgo()
    const { entries } = await loop.runner.ledger.stats()

    expect(await pruneAll()).toEqual({
      proposals: 1,
      runs: 0,
      entries: 4,
      evidence: 1,
      refusals: 0,
      dry_run: false,
    })

    expect(await loop.runner.ledger.verify()).toEqual({ ok: true, entries, problems: [] })
    expect((await loop.runner.proposals.list()).items).toEqual([
      expect.objectContaining({ proposal_id: id, status: 'applied' }),
    ])
    expect((await loop.runner.audit.list()).items).toHaveLength(1)
    expect((await loop.runner.evidence.list()).items).toEqual([])
  })

  it('is followed by no second write: the source still bars the key, and nothing is applied again', async () => {
    const { id, hash } = await appliedLongAgo()
    const row = await shop.row(loop.invoice)
    const receipts = await shop.receipts()
    await pruneAll()

    const { runner } = loop
    for (const refused of [
      runner.apply(id),
      runner.apply(id, { dry_run: true }),
      runner.reconcile(id),
      runner.exportJob(id),
      runner.approve(id, { hash, approver: lead }),
      runner.revoke(id, { approver: lead }),
      runner.replay(id),
      runner.proposals.get(id),
      runner.freshness(id),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'ERASED', retry: 'never', details: { id } })
    }

    expect(await shop.row(loop.invoice)).toEqual(row)
    expect(await shop.receipts()).toBe(receipts)
  })

  it('tells of a job that was erased with its proposal, and not that it was edited', async () => {
    await open()
    const { id } = await loop.approved()
    const job = await loop.runner.exportJob(id)
    await loop.runner.apply(id)
    clock.advance(30 * DAY_MS)
    await pruneAll()

    await expect(loop.runner.applyJob(job)).rejects.toMatchObject({ code: 'ERASED' })
    await expect(loop.runner.applyJob({ ...job, proposal_id: 'wrp_none' })).rejects.toMatchObject({ code: 'INTEGRITY' })
  })

  it('tells of an erased proposal only whom it concerns', async () => {
    const { id } = await appliedLongAgo()
    await pruneAll()
    const reviewer = (tenant_id: string) => loop.runner.reviewer({ ...lead, tenant_id })

    await expect(reviewer('acme').show(id)).rejects.toMatchObject({ code: 'ERASED' })
    await expect(reviewer('globex').show(id)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
    await expect(loop.runner.session(agent).status(id)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
  })

  it('keeps what has not ended for long, and what is on its way', async () => {
    await appliedLongAgo()
    const pending = await loop.propose({ fee: 100 })

    expect(await loop.runner.ledger.prune({ older_than: yesterday() })).toMatchObject({ proposals: 1, evidence: 1 })

    expect(await loop.runner.replay(pending.id)).toMatchObject({ evidence_verified: true })
    expect((await loop.runner.reviewer(lead).queue()).items).toHaveLength(1)
  })

  it('counts on a dry run exactly what it would erase', async () => {
    await appliedLongAgo()
    await loop.propose({ fee: 100 })
    await loop.runner.session(agent).call('billing.inspect_invoice', { invoice_id: 'NO-SUCH' })
    clock.advance(30 * DAY_MS)
    await loop.runner.refusals.list()
    const before = await loop.runner.ledger.stats()

    const counted = await loop.runner.ledger.prune({ older_than: yesterday(), dry_run: true })

    expect(counted).toEqual({ proposals: 2, runs: 0, entries: 6, evidence: 3, refusals: 1, dry_run: true })
    expect(await loop.runner.ledger.stats()).toEqual(before)
    expect(await pruneAll()).toEqual({ ...counted, dry_run: false })
  })

  it('lets somebody propose on the row of a proposal that lapsed and was erased', async () => {
    await open()
    const { id } = await loop.propose()
    clock.advance(30 * DAY_MS)

    expect(await pruneAll()).toMatchObject({ proposals: 1, entries: 2 })

    await expect(loop.runner.replay(id)).rejects.toMatchObject({ code: 'ERASED' })
    expect((await loop.propose()).status).toBe('pending_review')
    expect((await loop.runner.ledger.verify()).problems).toEqual([])
  })

  it('erases what was only proposed in shadow', async () => {
    clock = fixedClock('2030-01-01T00:00:00.000Z')
    loop = await openLoop(shop, { mode: 'shadow' }, { clock })
    await loop.propose()
    clock.advance(30 * DAY_MS)

    expect(await pruneAll()).toMatchObject({ proposals: 1, entries: 1, evidence: 1 })
    expect((await loop.runner.ledger.verify()).problems).toEqual([])
  })

  it.each([
    ['proposal', 'proposal.created', '"outage"', '"outrage"'],
    ['decision', 'proposal.approved', '"reason":null', '"reason":"fine"'],
  ])('leaves a %s that was tampered with for `verify` to tell of', async (_, type, recorded, edited) => {
    const { id } = await appliedLongAgo()
    await tamper(loop.ledger, id, (body) => body.replace(recorded, edited), type)

    expect(await pruneAll()).toMatchObject({ proposals: 0, entries: 0 })

    expect((await loop.runner.ledger.verify()).problems.map(({ code }) => code)).toContain('PAYLOAD')
  })

  it.each([
    ['nothing', () => ({})],
    ['both', () => ({ older_than: yesterday(), by_retention: true })],
    ['no date', () => ({ older_than: new Date('never') })],
    ['the future', () => ({ older_than: new Date(clock.now().getTime() + 1) })],
  ])('refuses to guess when given %s', async (_, options) => {
    await open()

    // Callers without types give what the types refuse.
    await expect(loop.runner.ledger.prune(options() as PruneOptions)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  describe('by the retention of a workflow', () => {
    const kept: FlowChange = { workflow: { retention: { runs_days: 30, evidence_days: 10 } } }

    async function completedRun(key?: string) {
      clock = fixedClock('2030-01-01T00:00:00.000Z')
      loop = await openFlow(shop, 'steps', kept, { clock })
      const run = await flowOf(loop.runner).start(inputOf(loop), key === undefined ? {} : { key })
      await approveRun(loop.runner, run)
      const ended = await loop.runner.resume(run.run_id)
      expect(ended.status).toBe('completed')
      return ended
    }

    const prune = (dry_run = false) => loop.runner.ledger.prune({ by_retention: true, dry_run })

    it('erases evidence first, and the run with its proposals when its days are over', async () => {
      const { run_id, proposal_id } = await completedRun()
      clock.advance(9 * DAY_MS)
      expect(await prune()).toMatchObject({ runs: 0, evidence: 0 })

      clock.advance(2 * DAY_MS)
      expect(await prune()).toMatchObject({ runs: 0, proposals: 0, evidence: 3 })
      expect((await loop.runner.runs.get(run_id)).status).toBe('completed')

      clock.advance(20 * DAY_MS)
      const counted = await prune(true)
      expect(counted).toMatchObject({ runs: 1, proposals: 1, evidence: 0 })
      expect(await prune()).toEqual({ ...counted, dry_run: false })
      for (const id of [run_id, proposal_id ?? '']) {
        await expect(loop.runner.replay(id)).rejects.toMatchObject({ code: 'ERASED' })
      }
      expect((await loop.runner.ledger.verify()).problems).toEqual([])
    })

    it('never erases a run that is open', async () => {
      clock = fixedClock('2030-01-01T00:00:00.000Z')
      loop = await openFlow(shop, 'steps', kept, { clock })
      const { run_id } = await flowOf(loop.runner).start(inputOf(loop))
      clock.advance(5000 * DAY_MS)

      expect(await prune()).toMatchObject({ runs: 0, proposals: 0, evidence: 0 })
      expect((await loop.runner.runs.get(run_id)).run_id).toBe(run_id)
    })

    it('does not begin a run again that the host has named', async () => {
      const { run_id } = await completedRun('ticket 7')
      clock.advance(31 * DAY_MS)
      await prune()

      const again = flowOf(loop.runner).start(inputOf(loop), { key: 'ticket 7' })

      await expect(again).rejects.toMatchObject({ code: 'ERASED', details: { id: run_id } })
      await expect(loop.runner.session(agent).run(run_id)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' })
      expect((await loop.runner.resumeAll()).length).toBe(0)
    })
  })

  it('leaves no trace in the files, once its space is given back', async () => {
    await open()
    const { id } = await loop.propose({ reason: 'confided to us' })
    await loop.runner.session(agent).withdraw(id)
    clock.advance(30 * DAY_MS)
    expect(isOnDisk('confided to us')).toBe(true)

    await pruneAll()
    await loop.runner.ledger.vacuum()

    expect(isOnDisk('confided to us')).toBe(false)
    expect((await loop.runner.ledger.verify()).ok).toBe(true)
  })

  it('can be looked back behind through a backup that was made before', async () => {
    const { id } = await appliedLongAgo()
    const path = join(shop.folder, 'backup.db')
    await loop.runner.ledger.backup(path)
    await pruneAll()

    expect((await loop.again({}, { ledger: path }).replay(id)).evidence_verified).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await expect(loop.runner.ledger.backup(path)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
