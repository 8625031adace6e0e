// A graph that reads an invoice, proposes a waiver, waits for a person and goes on with what was decided.
// Runs by itself, without a key: node --import tsx examples/langgraph.ts
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import {
  Command,
  END,
  INTERRUPT,
  isInterrupted,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
} from '@langchain/langgraph'
import { DatabaseSync } from '@photostructure/sqlite'
import { createAgent } from 'langchain'
import { type ApprovalCard, createApprovalNode, createLangGraphTools, envelopeOf } from '../adapters/langgraph/index.js'
import { createRunner, defineConfig } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
new DatabaseSync(join(folder, 'billing.db')).exec(`
  create table invoices (id text primary key, tenant_id text not null, fee_cents integer not null, version integer not null);
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
      description: 'Reads one invoice.',
      args: { invoice_id: { type: 'string' } },
      visible_columns: ['id', 'fee_cents'],
    },
    {
      ...{ name: 'billing.propose_waiver', kind: 'proposal', source: 'billing', target, lookup },
      description: 'Proposes another late fee. A person decides.',
      args: { invoice_id: { type: 'string' }, fee_cents: { type: 'integer', minimum: 0 } },
      visible_columns: ['id', 'fee_cents'],
      patch: { fee_cents: { from_arg: 'fee_cents' } },
      allowed_columns: ['fee_cents'],
      conflict_guard: { column: 'version' },
    },
  ],
})
const runner = createRunner(config, { base_dir: folder, logger: { info: () => {}, warn: console.error } })
await runner.migrate('billing')

const args = { invoice_id: 'INV-3001' }
const model = fakeModel()
  .respondWithTools([{ name: 'billing__inspect_invoice', args }])
  .respondWithTools([{ name: 'billing__propose_waiver', args: { ...args, fee_cents: 0 } }])
  .respond(new AIMessage('I have asked for the late fee to be waived.'))
  .respond(new AIMessage('Done: the late fee of INV-3001 is waived.'))

// #region graph
const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17', on_behalf_of: 'sam' })
const agent = createAgent({ model, tools: createLangGraphTools(session) }).graph

type Messages = typeof MessagesAnnotation.State
/** What was proposed in this turn: after the last word of a person. */
const proposalIn = (messages: BaseMessage[]) => {
  const turn = messages.slice(messages.findLastIndex(HumanMessage.isInstance) + 1)
  return turn.map(envelopeOf).findLast((answer) => answer?.proposal)?.proposal
}

const graph = new StateGraph(MessagesAnnotation)
  .addNode('ask', agent)
  .addNode(
    'approval',
    createApprovalNode(session, {
      proposal: ({ messages }: Messages) => proposalIn(messages)?.id ?? '',
      to: ({ status, next }) => ({ messages: [new HumanMessage(`The proposal is ${status}. ${next}`)] }),
    }),
  )
  .addNode('answer', agent)
  .addEdge(START, 'ask')
  .addConditionalEdges('ask', ({ messages }) => (proposalIn(messages) ? 'approval' : END), ['approval', END])
  .addEdge('approval', 'answer')
  .compile({ checkpointer: new MemorySaver() })
// #endregion

// #region run
const thread = { configurable: { thread_id: 'ticket-1042' } }
const waiting = await graph.invoke({ messages: [new HumanMessage('Please waive the late fee of INV-3001.')] }, thread)
for (const message of waiting.messages) if (ToolMessage.isInstance(message)) console.log(`${short(message.text)}\n`)

const card: ApprovalCard | undefined = isInterrupted<ApprovalCard>(waiting) ? waiting[INTERRUPT][0]?.value : undefined
const { proposal_id = '', hash = '' } = card?.actionRequests[0].args ?? {}
console.log(`${short(card?.actionRequests[0].description ?? '')}\n`)

// Elsewhere, a person who has looked at it; then your worker.
await runner.reviewer({ id: 'dana', tenant_id: 'acme' }).approve(proposal_id, { hash })
console.log((await runner.apply(proposal_id)).status)

const { messages } = await graph.invoke(new Command({ resume: 'look again' }), thread)
for (const { text } of messages.slice(-2)) console.log(text)
// #endregion

/** Ids, hashes and times differ from run to run. */
function short(text: string): string {
  return text.replace(/\b(wrp_|ev_|sha256:)\w+/g, '$1…').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
}

await runner.close()
rmSync(folder, { recursive: true })
