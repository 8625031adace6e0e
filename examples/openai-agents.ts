// An agent of OpenAI Agents JS proposes, a person approves, the operator applies, and the agent is told.
// Runs by itself: node --import tsx examples/openai-agents.ts. With OPENAI_API_KEY set, a real model does the talking.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, run, setTracingDisabled, user } from '@openai/agents'
import { assistantMessage, functionCall, modelResponder, ScriptedModel } from '@openai/agents/testing'
import { DatabaseSync } from '@photostructure/sqlite'
import { createOpenAIAgentsTools, proposalsAwaiting } from '../adapters/openai-agents/index.js'
import { createRunner, defineConfig } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
const shop = new DatabaseSync(join(folder, 'shop.db'))
shop.exec(`
  create table invoices (id text primary key, tenant_id text, late_fee integer, reason text, version integer);
  insert into invoices values ('INV-3001', 'acme', 5500, null, 1);
`)
const lateFee = () => shop.prepare('select late_fee from invoices').get()?.late_fee
const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
  capabilities: [
    {
      name: 'billing.propose_late_fee_waiver',
      description: 'Proposes to waive the late fee of one invoice. A person decides.',
      kind: 'proposal',
      source: 'shop',
      target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      args: { invoice_id: { type: 'string' }, reason: { type: 'string', max_length: 500 } },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns: ['id', 'late_fee', 'reason'],
      patch: { late_fee: { fixed: 0 }, reason: { from_arg: 'reason' } },
      allowed_columns: ['late_fee', 'reason'],
      conflict_guard: { column: 'version' },
    },
  ],
})
const runner = createRunner(config, { base_dir: folder, logger: { info: () => {}, warn: console.error } })
await runner.migrate('shop')
const script = new ScriptedModel([
  [functionCall('billing__propose_late_fee_waiver', { invoice_id: 'INV-3001', reason: 'outage' }, { callId: 'c1' })],
  [assistantMessage('I proposed it. A person decides.')],
  modelResponder(({ request }) => {
    const [proposal_id = ''] = /wrp_\w+/.exec(JSON.stringify(request.input)) ?? []
    return [functionCall('synapsor__proposal_status', { proposal_id }, { callId: 'c2' })]
  }),
  [assistantMessage('It is done: the late fee is waived.')],
])
const model = process.env.OPENAI_API_KEY ? {} : { model: script }
setTracingDisabled(true)

// #region agent
type User = { readonly id: string; readonly tenant: string }
const source = runner.sessionsFrom(({ id, tenant }: User) => {
  return { tenant_id: tenant, principal: 'support_agent', on_behalf_of: id } // of what `run` is given below
})
const tools = createOpenAIAgentsTools(source, { status_tool: true })
const agent = new Agent<User>({ name: 'Support', instructions: 'Help with invoices.', tools, ...model })
const context: User = { id: 'ann', tenant: 'acme' }
const first = await run(agent, 'Waive the late fee of INV-3001: we had an outage.', { context })
console.log(first.finalOutput)
// #endregion
// #region decide
const dana = runner.reviewer({ id: 'dana', tenant_id: 'acme' })
for (const { id, hash, status, target, next } of proposalsAwaiting(first)) {
  console.log(`${target.type} ${target.id} is ${status}, late fee ${lateFee()}. ${next}`)
  await dana.approve(id, { hash, reason: 'We were down for two hours.' })
  const receipt = await runner.apply(id)
  console.log(`${receipt.status}, late fee ${lateFee()}`)
}
// #endregion
// #region later
const later = await run(agent, [...first.history, user('Is it done?')], { context })
console.log(later.finalOutput, proposalsAwaiting(later))
// #endregion
await runner.close()
shop.close()
rmSync(folder, { recursive: true })
