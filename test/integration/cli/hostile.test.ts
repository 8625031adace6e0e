import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDesk, type Desk, errorCodeOf } from '../../support/cli.js'
import { entriesFor } from '../hostile/corpus.js'

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
  const invoice = { invoice_id: 'INV-3001', reason: 'There must be something that could be hit.' }
  await desk.agent().propose('billing.propose_late_fee_waiver', invoice)
})

afterAll(() => desk.close())

const WORDS = [
  ...entriesFor('argv').map(({ value }) => String(value)),
  '',
  ' ',
  '%00',
  'wrp_0003\n',
  'WRP_0003',
  'wrp_0003 ',
  "wrp_0003' or '1'='1",
  '\u202ewrp_0003',
  'wrp_\u001b[2J',
  '__proto__',
  'constructor',
  'wrp_'.repeat(10_000),
  '🧨'.repeat(1000),
].filter((word) => word !== 'latest')

/** A word where an id is asked for. */
const WITH_ID: Readonly<Record<string, (word: string) => readonly string[]>> = {
  'proposals show': (word) => ['proposals', 'show', '--', word],
  'proposals approve': (word) => ['proposals', 'approve', '--as', 'carol', '--yes', '--', word],
  'proposals reject': (word) => ['proposals', 'reject', '--as', 'carol', '--yes', '--', word],
  'proposals job': (word) => ['proposals', 'job', '--', word],
  apply: (word) => ['apply', '--', word],
  'apply --job': (word) => ['apply', `--job=${word}`],
  reconcile: (word) => ['reconcile', '--', word],
  replay: (word) => ['replay', 'show', '--', word],
  'evidence show': (word) => ['evidence', 'show', '--', word],
  'receipts show': (word) => ['receipts', 'show', '--', word],
  'runs show': (word) => ['runs', 'show', '--', word],
  'runs cancel': (word) => ['runs', 'cancel', '--yes', '--', word],
  call: (word) => ['call', '--', word],
  'adapters show': (word) => ['adapters', 'show', '--', word],
  validate: (word) => ['validate', '--', word],
  audit: (word) => ['audit', '--', word],
  'mcp config': (word) => ['mcp', 'config', '--', word],
  '--config': (word) => ['proposals', 'list', `--config=${word}x`],
}

describe.each(Object.entries(WITH_ID))('%s', (_, lineFor) => {
  it.each(WORDS)('refuses %j in a sentence', async (word) => {
    const before = readdirSync(desk.folder)
    const told = await desk.run(lineFor(word))
    expect([1, 2]).toContain(told.exit_code)
    expect(told.err).not.toMatch(/\n\s+at /)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    expect(told.out + told.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/)
    const json = await desk.run([...lineFor(word).slice(0, 1), '--json', ...lineFor(word).slice(1)])
    if (json.exit_code === 1 && json.out.startsWith('{')) expect(JSON.parse(json.out)).toBeTypeOf('object')
    expect(readdirSync(desk.folder)).toEqual(before)
    expect((await desk.runner.proposals.list()).items.map(({ status }) => status)).toEqual(['pending_review'])
  })
})

it('says that the ledger is busy while another process holds it', async () => {
  const { items } = await desk.runner.proposals.list()
  const id = items[0]?.proposal_id ?? ''
  const release = await desk.lockLedger()
  try {
    const result = await desk.run(['proposals', 'approve', id, '--as', 'carol', '--yes', '--json'])
    expect([result.exit_code, errorCodeOf(result)]).toEqual([1, 'BUSY'])
  } finally {
    release()
  }
})
