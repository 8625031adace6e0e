import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf, errorCodeOf, stable } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'

const LIST = {
  name: 'billing.list_invoices',
  kind: 'read',
  source: 'shop',
  target: DESK_CONTRACT.capabilities[0].target,
  visible_columns: ['id', 'customer', 'late_fee_cents', 'waiver_reason'],
  max_rows: 2,
}

const FEE = {
  ...DESK_CONTRACT.capabilities[1],
  name: 'billing.propose_late_fee',
  args: {
    invoice_id: { type: 'string' },
    cents: { type: 'integer' },
  },
  patch: { late_fee_cents: { from_arg: 'cents' } },
  numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10_000 } },
  examples: [],
}

let desk: Desk

beforeEach(async () => {
  desk = await createDesk({ capabilities: [...DESK_CONTRACT.capabilities, LIST, FEE] })
})

afterEach(() => desk.close())

const WAIVER = 'billing.propose_late_fee_waiver'

it.each([80, 120])('shows what an agent is answered in %i columns', async (columns) => {
  const lines = [
    'call billing.inspect_invoice invoice_id=INV-3001',
    'call billing.list_invoices',
    `propose ${WAIVER} --sample`,
    'call billing.waive_late_fee invoice_id=INV-3002 reason=Goodwill',
    'call billing.inspect_invoice invoice_id=INV-9001',
  ]
  const shown: string[] = []
  for (const line of lines) shown.push(`$ ${line}\n${(await desk.run(line, { columns })).out}`)
  const all = shown.join('\n')
  for (const line of all.split('\n').filter((each) => !each.includes('sha256:'))) {
    expect(line.length).toBeLessThanOrEqual(columns)
  }
  await expect(stable(all, desk)).toMatchFileSnapshot(`snapshots/calls-${columns}.txt`)
})

describe('call', () => {
  it('prints the envelope', async () => {
    const read = await desk.run('call billing.inspect_invoice invoice_id=INV-3001 --json')
    expect(documentOf('call', read)).toMatchObject({ ok: true, data: { customer: 'Ann Archer', late_fee_cents: 5500 } })
    expect(read.exit_code).toBe(0)
    const refused = await desk.run('call billing.inspect_invoice invoice_id=INV-9001 --json')
    expect(documentOf('call', refused)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    expect(refused.exit_code).toBe(1)
    const flow = await desk.run('call billing.waive_late_fee invoice_id=INV-3001 reason=Goodwill --json')
    expect(documentOf('call', flow)).toMatchObject({ kind: 'workflow', run: { status: 'waiting_approval' } })
  })

  it('leaves evidence and writes nothing', async () => {
    await desk.run('call billing.inspect_invoice invoice_id=INV-3001')
    expect((await desk.runner.evidence.list()).items).toHaveLength(1)
    await desk.run(`call ${WAIVER} invoice_id=INV-3001 reason=Goodwill`)
    const { data } = await desk.agent().inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
    expect(data).toMatchObject({ late_fee_cents: 5500 })
  })

  it('takes the name that models see', async () => {
    const { document } = await desk.run('call billing__inspect_invoice invoice_id=INV-3001 --json')
    expect(document).toMatchObject({ ok: true, capability: 'billing.inspect_invoice' })
  })

  it.each([
    ['a number as a number', 'cents=12', { proposal: { diff: { late_fee_cents: { after: 12 } } } }],
    ['JSON behind :=', 'cents:=13', { proposal: { diff: { late_fee_cents: { after: 13 } } } }],
    ['what is none as text, which is refused', 'cents=many', { error: { code: 'INVALID_ARGUMENT' } }],
    [
      'a number that no double holds as it is written',
      'cents=9007199254740993',
      { error: { code: 'INVALID_ARGUMENT' } },
    ],
    ['a number out of bounds', 'cents=10001', { error: { code: 'BOUND_EXCEEDED' } }],
  ])('takes %s', async (_, word, answer) => {
    const ran = await desk.run(['call', 'billing.propose_late_fee', 'invoice_id=INV-3001', word, '--json'])
    expect(documentOf('call', ran)).toMatchObject(answer)
  })

  it('leaves what is declared as text alone', async () => {
    const { document } = await desk.run(['call', WAIVER, 'invoice_id=INV-3001', 'reason=12', '--json'])
    expect(document).toMatchObject({ proposal: { diff: { waiver_reason: { after: '12' } } } })
  })

  it('takes its input as JSON, from a file, in the older spelling', async () => {
    writeFileSync(join(desk.folder, 'in.json'), '\uFEFF{"invoice_id": "INV-3001"}')
    for (const words of [
      ['--input', '{"invoice_id": "INV-3001"}', '--json'],
      ['--input', '@in.json', '--json'],
      ['--input', 'in.json', '--json'],
    ]) {
      const { document } = await desk.run(['call', 'billing.inspect_invoice', ...words])
      expect(document).toMatchObject({ ok: true })
    }
    const older = await desk.run(['smoke', 'call', 'billing.inspect_invoice', '--json', '{"invoice_id": "INV-3001"}'])
    expect([older.exit_code, older.out]).toEqual([0, expect.stringContaining('Ann Archer')])
  })

  it('hides nothing of its input: a name that is given twice is refused', async () => {
    const twice = '{"invoice_id": "INV-3001", "invoice_id": "INV-3002"}'
    const fromJson = await desk.run(['call', 'billing.inspect_invoice', '--input', twice, '--json'])
    const words = await desk.run('call billing.inspect_invoice invoice_id=INV-3001 invoice_id=INV-3002 --json')
    for (const { document } of [fromJson, words]) {
      expect(document).toMatchObject({ error: { code: 'INVALID_ARGUMENT', details: { argument: 'invoice_id' } } })
    }
  })

  it('says which argument and which name was probably meant', async () => {
    const argument = await desk.run('call billing.inspect_invoice invoce_id=INV-3001')
    expect([argument.exit_code, argument.err]).toEqual([2, expect.stringContaining('Did you mean `invoice_id`?')])
    const name = await desk.run('call billing.inspect_invoce invoice_id=INV-3001')
    expect([name.exit_code, name.out]).toEqual([1, expect.stringContaining('Did you mean `billing.inspect_invoice`?')])
    expect((await desk.run('call')).err).toContain('billing.list_invoices')
  })

  it.each(['nope', '=INV-3001', 'invoice_id:={'])('does not take %s for an argument', async (word) => {
    expect((await desk.run(['call', 'billing.inspect_invoice', word])).exit_code).toBe(2)
  })

  it('takes its arguments in one way', async () => {
    expect((await desk.run('call billing.inspect_invoice invoice_id=INV-3001 --sample')).exit_code).toBe(2)
  })

  it('makes the first sample call that there is', async () => {
    expect((await desk.run('smoke call --sample --json')).document).toMatchObject({
      ok: true,
      capability: 'billing.inspect_invoice',
    })
  })

  it('refuses a file that cannot be read', async () => {
    const ran = await desk.run(['call', 'billing.inspect_invoice', '--input', '@absent.json', '--json'])
    expect([ran.exit_code, errorCodeOf(ran)]).toEqual([1, 'INVALID_ARGUMENT'])
  })

  it('goes on with a run, and answers what it asks', async () => {
    const { document } = await desk.run('call billing.waive_late_fee invoice_id=INV-3001 reason=Goodwill --json')
    const { run } = document as { run: { run_id: string; proposal_id: string } }
    const asked = { approver: { id: 'carol' }, question: 'Since when?' }
    await desk.runner.requestInformation(run.proposal_id, asked)
    const again = await desk.run(['call', 'billing.waive_late_fee', `run_id=${run.run_id}`])
    expect(again.out).toContain('Since when?')
    const information = 'information:={"invoice_id": "INV-3001", "reason": "Since May."}'
    const answered = await desk.run(['call', 'billing.waive_late_fee', `run_id=${run.run_id}`, information, '--json'])
    expect(documentOf('call', answered)).toMatchObject({ run: { status: 'waiting_approval' } })
  })

  it('prints nothing of a row that a terminal obeys', async () => {
    await desk.sql(`update invoices set customer = char(27) || '[2J' where tenant_id = 'acme'`)
    expect((await desk.run('call billing.inspect_invoice --sample')).out).not.toContain('\u001b')
    expect((await desk.run('call billing.list_invoices')).out).not.toContain('\u001b')
  })
})

describe('a contract whose context is given by a host', () => {
  it.each([
    ['session', { provider: 'session' }],
    ['http_claims', { provider: 'http_claims', values: { tenant_id_key: 'org', principal_key: 'sub' } }],
  ])('says which lines to add instead of %s', async (provider, trusted_context) => {
    writeFileSync(join(desk.folder, 'other.json'), JSON.stringify({ ...DESK_CONTRACT, trusted_context }))
    const ran = await desk.run('call billing.inspect_invoice --sample --config other.json --json')
    expect([ran.exit_code, errorCodeOf(ran)]).toEqual([1, 'CONTEXT_MISSING'])
    const told = await desk.run('call billing.inspect_invoice --sample --config other.json')
    expect(told.err).toContain(provider)
    const [, lines = ''] = /"trusted_context": (\{.*\})/.exec(told.err) ?? []
    writeFileSync(
      join(desk.folder, 'other.json'),
      JSON.stringify({ ...DESK_CONTRACT, trusted_context: JSON.parse(lines) as unknown }),
    )
    const env = { SYNAPSOR_TENANT_ID: 'acme', SYNAPSOR_PRINCIPAL: 'sam' }
    const mended = await desk.run('call billing.inspect_invoice --sample --config other.json', { env })
    expect([mended.exit_code, mended.err]).toEqual([0, expect.not.stringContaining('error')])
  })

  it('names the variable that is not set', async () => {
    const values = { tenant_id_env: 'SYNAPSOR_TENANT_ID', principal_env: 'SYNAPSOR_PRINCIPAL' }
    const trusted_context = { provider: 'environment', values }
    writeFileSync(join(desk.folder, 'other.json'), JSON.stringify({ ...DESK_CONTRACT, trusted_context }))
    expect(errorCodeOf(await desk.run('call billing.inspect_invoice --sample --config other.json --json'))).toBe(
      'ENV_MISSING',
    )
  })
})

describe('propose', () => {
  it('prints the envelope, and its proposal waits', async () => {
    const ran = await desk.run(`propose ${WAIVER} --sample --json`)
    expect(documentOf('propose', ran)).toMatchObject({ ok: true, proposal: { status: 'pending_review' } })
    expect((await desk.runner.proposals.list()).items).toMatchObject([{ status: 'pending_review', principal: 'sam' }])
  })

  it('takes its input after --json, as it once did', async () => {
    const input = '{"invoice_id": "INV-3002", "reason": "Goodwill."}'
    expect((await desk.run(['propose', WAIVER, '--json', input])).out).toContain('INV-3002')
  })

  it('is for what proposes', async () => {
    const ran = await desk.run('propose billing.inspect_invoice --sample')
    expect([ran.exit_code, ran.err]).toEqual([2, expect.stringContaining('call billing.inspect_invoice')])
  })

  it('refuses to make a sample up', async () => {
    const ran = await desk.run('propose billing.propose_late_fee --sample --json')
    expect([ran.exit_code, errorCodeOf(ran)]).toEqual([1, 'INVALID_ARGUMENT'])
  })

  it('exits 1 for a refusal', async () => {
    await desk.run(`propose ${WAIVER} --sample`)
    const rival = await desk.run(`propose ${WAIVER} invoice_id=INV-3001 reason=Other`)
    expect([rival.exit_code, rival.out]).toEqual([1, expect.stringContaining('ACTIVE_PROPOSAL_EXISTS')])
  })
})
