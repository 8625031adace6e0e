import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GivenContext, RecordKind, Runner, ToolOptions } from '../../../src/index.js'
import { agent, type Change, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'

const INSPECT = 'billing.inspect_invoice'
const PROPOSE = 'billing.propose_late_fee_waiver'

let shop: Shop
let loop: Loop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())

/** Adapters that show a part. */
const adapters = {
  reading: { type: 'mcp', expose: [{ capability: INSPECT }] },
  both: { type: 'mcp', expose: [{ capability: INSPECT }, { capability: PROPOSE }] },
  leads: { type: 'mcp', roles: ['lead'] },
  globex: { type: 'mcp', tenants: ['globex'] },
  open: { type: 'mcp' },
}

/** What a session made: a read with its evidence, and a proposal with evidence of its own. */
interface Made {
  readonly read: string
  readonly proposal: string
  readonly seen: string
}
let made: Made
beforeEach(async () => {
  loop = await openLoop(shop, { config: { adapters } })
  const { evidence } = await loop.runner.session(agent).inspect(INSPECT, { invoice_id: loop.invoice })
  const { id, evidence_bundle_id } = await loop.propose()
  made = { read: evidence.bundle_id, proposal: id, seen: evidence_bundle_id }
})
afterEach(() => loop.close())

interface Asked {
  readonly options?: ToolOptions
  readonly runner?: Runner
  readonly context?: GivenContext
}

/** What a session is told of a record: the capability that it is of, or the refusal. */
async function told(kind: RecordKind, id: string, { options, runner = loop.runner, context = agent }: Asked) {
  const { loadRecord } = runner.session(context).toolset(options)
  return loadRecord(kind, id)
    .then((record) => JSON.stringify(record).match(/"capability":"([^"]+)"/)?.[1])
    .catch((error: unknown) => JSON.stringify(error))
}

/** How a proposal stands, by the tool that tells it. */
async function status(id: string, { options, runner = loop.runner, context = agent }: Asked) {
  const { named } = runner.session(context).toolset({ ...options, status_tool: true })
  const { proposal, error } = await named('synapsor.proposal_status').call({ proposal_id: id })
  return proposal?.status ?? error?.code
}

const of = (kind: RecordKind, id: string) => [kind, id] as const
const ofProposal = () => [of('proposal', made.proposal), of('replay', made.proposal), of('evidence', made.seen)]
const ofRead = () => [of('evidence', made.read)]

async function expectAbsent(records: ReturnType<typeof ofProposal>, asked: Asked) {
  for (const [kind, id] of records) {
    const code = kind === 'evidence' ? 'EVIDENCE_NOT_FOUND' : 'PROPOSAL_NOT_FOUND'
    const answer = await told(kind, id, asked)
    expect(answer).toContain(`"code":"${code}"`)
    // To the byte as if it had never been.
    expect(answer).toBe(await told(kind, 'none', {}))
  }
}

describe('records of what is not shown are absent', () => {
  const limits: [string, ToolOptions][] = [
    ['an adapter exposes a part', { adapter: 'reading' }],
    ['`only` names a part', { only: [INSPECT] }],
    ['`only` names a part of an adapter', { adapter: 'both', only: [INSPECT] }],
    ['`only` names a part of an adapter that exposes all', { adapter: 'open', only: [INSPECT] }],
  ]
  it.each(limits)('where %s', async (_, options) => {
    await expectAbsent(ofProposal(), { options })
    expect(await status(made.proposal, { options })).toBe('PROPOSAL_NOT_FOUND')
    for (const [kind, id] of ofRead()) expect(await told(kind, id, { options })).toBe(INSPECT)
  })

  it.each(['leads', 'globex'])('where the adapter %s is not for the session', async (adapter) => {
    await expectAbsent([...ofProposal(), ...ofRead()], { options: { adapter } })
    const code = adapter === 'leads' ? 'CAPABILITY_NOT_FOUND' : 'PROPOSAL_NOT_FOUND'
    expect(await status(made.proposal, { options: { adapter } })).toBe(code)
    // Nor does it say which of its tools there would be.
    const context = { ...agent, roles: ['lead'] }
    if (adapter === 'leads')
      expect(await told('proposal', made.proposal, { options: { adapter }, context })).toBe(PROPOSE)
  })
})

describe('records of what the mode of the contract lets nobody make any more', () => {
  it('are told, in no larger measure than before', async () => {
    const expose = [{ capability: INSPECT }, { capability: PROPOSE, inline_evidence: 'handles_only' }]
    const runner = loop.again({ mode: 'read_only', config: { adapters: { desk: { type: 'mcp', expose } } } })
    const { loadRecord, tools } = runner.session(agent).toolset({ adapter: 'desk', status_tool: true })
    expect(tools.map(({ name }) => name)).toEqual([INSPECT, 'synapsor.proposal_status'])
    for (const kind of ['proposal', 'replay'] as const) {
      const record = JSON.stringify(await loadRecord(kind, made.proposal))
      expect(record).toContain('pending_review')
      expect(record).not.toMatch(/\b5500\b|diff|rows/)
    }
    expect(tools.at(-1)?.inline_evidence).toBe('handles_only')
  })
})

describe('records of an id that no ledger can keep are absent', () => {
  it.each([
    ['a NUL', 'ev_\0'],
    ['more than 200 characters', 'x'.repeat(201)],
  ])('with %s, and the ledger is not asked', async (_, id) => {
    const runner = loop.again({}, { ledger: shop.folder })
    await expect(runner.session(agent).evidence('ev_none')).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' })
    await expect(runner.session(agent).evidence(id)).rejects.toMatchObject({ code: 'EVIDENCE_NOT_FOUND' })
    for (const kind of ['proposal', 'evidence', 'replay'] as const) {
      expect(await told(kind, id, { runner })).toBe(await told(kind, 'none', {}))
    }
    expect(await status(id, { runner })).toMatch(/^(PROPOSAL_NOT_FOUND|INVALID_ARGUMENT)$/)
  })
})

describe('records are told of where nothing is left out', () => {
  const changes: [string, Change][] = [
    ['', {}],
    [', also where the mode lets none be made', { mode: 'read_only' }],
    [', also of a capability that the contract has lost', { propose: { name: 'billing.propose_other' } }],
  ]
  it.each(changes)('by no adapter and no list of names%s', async (_, change) => {
    const { expose: __, ...all } = adapters.both
    const runner = loop.again({ ...change, config: { adapters: { all } } })
    for (const options of [{}, { adapter: 'all' }]) {
      for (const [kind, id] of [...ofProposal(), ...ofRead()]) {
        expect(await told(kind, id, { runner, options })).toBe(id === made.read ? INSPECT : PROPOSE)
      }
      expect(await status(made.proposal, { runner, options })).toBe('pending_review')
    }
  })
})
