import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import * as z from 'zod'
import { createMcpServer } from '../../../adapters/mcp/index.js'
import type { Session, ToolOptions } from '../../../src/index.js'
import { type AdapterPage, nameAnswers, onlyAnswer } from './shown.js'
import type { ModelCall } from './world.js'

export const mcp: AdapterPage = {
  contract: {
    row: { fee: 5500 },
    inspect: { args: { invoice_id: { type: 'string', max_length: 64 } } },
    propose: {
      name: 'billing.propose_late_fee',
      args: { invoice_id: { type: 'string', max_length: 64 }, fee: { type: 'integer', minimum: 0 } },
      patch: { fee: { from_arg: 'fee' } },
    },
    args: { invoice_id: 'INV-3001', fee: 0 },
  },
  show: async ({ session, calls, desk }, inline_evidence) => {
    const { tools, answers } = await ask(session, { inline_evidence }, Object.values(calls))
    const { read, proposal, refusal } = nameAnswers(answers)
    const [inspect, propose] = tools.map(splitTool)
    const whole = await ask(desk.session, { inline_evidence, adapter: desk.adapter }, [desk.call])
    const [workflow] = whole.tools.map(splitTool)
    const run = onlyAnswer(whole.answers)
    return {
      blocks: {
        tool: propose?.tool,
        read: JSON.parse(read.text),
        proposal: JSON.parse(proposal.text),
        link: proposal.link,
        refusal: JSON.parse(refusal.text),
        workflow: workflow?.tool,
        run: JSON.parse(run.text),
        run_link: run.link,
      },
      texts: {
        'the tool `billing__inspect_invoice`': JSON.stringify(inspect?.tool),
        'the output schema of `billing__inspect_invoice`': JSON.stringify(inspect?.outputSchema),
        'the tool `billing__propose_late_fee`': JSON.stringify(propose?.tool),
        'the output schema of `billing__propose_late_fee`': JSON.stringify(propose?.outputSchema),
        'the answer to a read': read.text,
        'the answer to a proposal': proposal.text,
        'the link beside it': JSON.stringify(proposal.link),
        'a refusal': refusal.text,
        'the tool of a whole workflow': JSON.stringify(workflow?.tool),
        'its output schema': JSON.stringify(workflow?.outputSchema),
        'its answer': run.text,
        'the link beside that': JSON.stringify(run.link),
      },
    }
  },
}

/** Has a client list the tools and make these calls. */
async function ask(session: Session, options: ToolOptions, calls: readonly ModelCall[]) {
  const client = new Client({ name: 'agent', version: '1.0.0' })
  const [near, far] = InMemoryTransport.createLinkedPair()
  await createMcpServer(session, options).connect(far)
  await client.connect(near)

  const { tools } = await client.request({ method: 'tools/list' }, listed)
  const answers = []
  for (const call of calls) answers.push(await contentOf(client, call))
  await client.close()
  return { tools, answers }
}

function splitTool({ outputSchema, ...tool }: { readonly outputSchema: unknown }) {
  return { outputSchema, tool }
}

// Read as they come, with their keys in order: the schemas of the SDK put them into another one.
const listed = z.object({ tools: z.array(z.looseObject({ outputSchema: z.unknown() })) })
const answered = z.object({ content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })) })

async function contentOf(client: Client, { name, args }: ModelCall) {
  const { content } = await client.request({ method: 'tools/call', params: { name, arguments: args } }, answered)
  const find = (type: string) => content.find((block) => block.type === type)
  return { text: find('text')?.text ?? '', link: find('resource_link') }
}
