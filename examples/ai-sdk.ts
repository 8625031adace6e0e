// An agent of the Vercel AI SDK on an SQLite file. The model is scripted: no key, no network.
// Runs by itself: node --import tsx examples/ai-sdk.ts
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { generateText, type ModelMessage, stepCountIs } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { createAISDKTools } from '../adapters/ai/index.js'
import { createRunner, defineConfig } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
const database = new DatabaseSync(join(folder, 'billing.db'))
database.exec(`
  create table invoices (id text primary key, tenant_id text not null, fee integer not null, version integer);
  insert into invoices values ('INV-3001', 'acme', 5500, 1);
`)

const inspect = {
  name: 'billing.inspect_invoice',
  kind: 'read',
  source: 'billing',
  target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
  args: { invoice_id: { type: 'string', max_length: 64 } },
  lookup: { id_from_arg: 'invoice_id' },
  visible_columns: ['id', 'fee'],
} as const
const propose = {
  ...inspect,
  name: 'billing.propose_fee',
  kind: 'proposal',
  args: { ...inspect.args, fee: { type: 'integer' } },
  patch: { fee: { from_arg: 'fee' } },
  allowed_columns: ['fee'],
  conflict_guard: { column: 'version' },
} as const
const sources = { billing: { engine: 'sqlite', path: 'billing.db' } } as const
const config = defineConfig({ version: 1, mode: 'review', sources, capabilities: [inspect, propose] })
const runner = createRunner(config, { base_dir: folder, ledger: ':memory:' })
await runner.migrate('billing')

const model = scripted(
  { type: 'tool-call', toolCallId: 'c1', toolName: 'billing__inspect_invoice', input: '{"invoice_id":"INV-3001"}' },
  { type: 'tool-call', toolCallId: 'c2', toolName: 'billing__propose_fee', input: '{"invoice_id":"INV-3001","fee":0}' },
  { type: 'text', text: 'I have asked for the fee to be waived. A person decides.' },
  { type: 'text', text: 'The fee is waived.' },
)

// #region agent
const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17', on_behalf_of: 'ann' })
const tools = createAISDKTools(session)
const messages: ModelMessage[] = [{ role: 'user', content: 'Waive the late fee of INV-3001: our page was down.' }]

const asked = await generateText({ model, tools, messages, stopWhen: stepCountIs(5) })
const answers = asked.steps.flatMap((step) => step.staticToolResults)
for (const { toolName, output } of answers) {
  console.log(toolName, output.data ?? [output.proposal?.status, output.proposal?.diff])
}
console.log(asked.text, feeNow())
// #endregion

// #region decision
const dana = runner.reviewer({ id: 'dana', tenant_id: 'acme' })
for (const { proposal_id } of (await dana.queue()).items) {
  const { hash } = await dana.show(proposal_id)
  await dana.approve(proposal_id, { hash, reason: 'We were down for two hours.' })
  console.log((await runner.apply(proposal_id)).status, feeNow())
}
// #endregion

// #region going-on
const id = answers.flatMap(({ output }) => output.proposal?.id ?? []).at(-1) ?? ''
const { status, decision } = await session.waitForDecision(id)
const content = `Proposal ${id} is ${status}. The reviewer says: ${decision?.reason}`
messages.push(...asked.response.messages, { role: 'user', content })
console.log((await generateText({ model, tools, messages })).text)
// #endregion

await runner.close()
database.close()
rmSync(folder, { recursive: true })

function feeNow(): string {
  return `fee: ${database.prepare('select fee from invoices').get()?.fee}`
}

// #region model
type Part = { type: 'text'; text: string } | { type: 'tool-call'; toolCallId: string; toolName: string; input: string }

function scripted(...parts: Part[]): MockLanguageModelV3 {
  const tokens = { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0, text: 0, reasoning: 0 }
  const usage = { inputTokens: tokens, outputTokens: tokens }
  const finish = (unified: 'stop' | 'tool-calls') => ({ unified, raw: unified })
  return new MockLanguageModelV3({
    doGenerate: parts.map((part) => ({
      content: [part],
      finishReason: finish(part.type === 'text' ? 'stop' : 'tool-calls'),
      usage,
      warnings: [],
    })),
  })
}
// #endregion
