// A loop of your own around any model that calls functions. Here the model is a script; put a real one in its place.
// Runs by itself: npm run example:function-calling
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { createFunctionTools } from '../adapters/function-calling/index.js'
import { createRunner, defineConfig } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
new DatabaseSync(join(folder, 'billing.db')).exec(`
  create table invoices (id text primary key, tenant_id text not null, fee integer not null, version integer not null);
  insert into invoices values ('INV-3001', 'acme', 5500, 1);
`)
const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' } as const
const lookup = { id_from_arg: 'invoice_id' } as const
const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: { billing: { engine: 'sqlite', path: 'billing.db' } },
  capabilities: [
    {
      ...{ name: 'billing.inspect_invoice', kind: 'read', source: 'billing', target, lookup },
      args: { invoice_id: { type: 'string' } },
      visible_columns: ['id', 'fee'],
    },
    {
      ...{ name: 'billing.propose_waiver', kind: 'proposal', source: 'billing', target, lookup },
      args: { invoice_id: { type: 'string' }, fee: { type: 'integer', minimum: 0 } },
      visible_columns: ['id', 'fee'],
      patch: { fee: { from_arg: 'fee' } },
      allowed_columns: ['fee'],
      conflict_guard: { column: 'version' },
    },
  ],
})

/** What a provider would answer to the conversation so far. */
const script = [
  [{ name: 'billing__inspect_invoice', arguments: '{"invoice_id":"INV-3001"}' }],
  [{ name: 'billing__propose_waiver', arguments: '{"invoice_id":"INV-3001","fee":0}' }],
  [],
]
const askModel = async (_messages: readonly unknown[], _tools: readonly unknown[]) => script.shift() ?? []

const runner = createRunner(config, { base_dir: folder, logger: { info: () => {}, warn: console.error } })
await runner.migrate('billing')

// #region loop
const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' })
const { tools, call, toModel } = createFunctionTools(session, { format: 'openai-chat' })

const messages: unknown[] = [{ role: 'user', content: 'Please waive the late fee of INV-3001.' }]
const proposals: { id: string; hash: string }[] = []
for (;;) {
  const calls = await askModel(messages, tools)
  if (calls.length === 0) break
  for (const { name, arguments: text } of calls) {
    const envelope = await call(name, text)
    if (envelope.proposal !== undefined) proposals.push(envelope.proposal)
    messages.push({ role: 'tool', content: JSON.stringify(toModel(name, envelope)) })
    console.log(name, '->', envelope.summary)
  }
}
// #endregion

// #region decide
const [proposal] = proposals
if (proposal === undefined) throw new Error('The model proposed nothing.')
await runner.reviewer({ id: 'dana' }).approve(proposal.id, { hash: proposal.hash, reason: 'Outage on our side.' })
const receipt = await runner.apply(proposal.id)
const view = await session.waitForDecision(proposal.id)
console.log(receipt.status, '| what the session sees:', view.status, view.decision?.reason)
// #endregion

await runner.close()
rmSync(folder, { recursive: true })
