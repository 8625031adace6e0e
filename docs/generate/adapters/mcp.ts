import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { z } from 'zod'
import { createMcpServer } from '../../../adapters/mcp/index.js'
import { type AdapterPage, nameAnswers } from './shown.js'
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
  show: async ({ session, calls }, inline_evidence) => {
    const client = new Client({ name: 'agent', version: '1.0.0' })
    const [near, far] = InMemoryTransport.createLinkedPair()
    await createMcpServer(session, { inline_evidence }).connect(far)
    await client.connect(near)

    const [inspect, propose] = (await client.request({ method: 'tools/list' }, listed)).tools
    const answers = []
    for (const call of Object.values(calls)) answers.push(await contentOf(client, call))
    await client.close()
    const { read, proposal, refusal } = nameAnswers(answers)
    const { outputSchema: inspectOutput, ...inspectTool } = inspect ?? {}
    const { outputSchema: proposeOutput, ...proposeTool } = propose ?? {}
    return {
      blocks: {
        tool: proposeTool,
        read: JSON.parse(read.text),
        proposal: JSON.parse(proposal.text),
        link: proposal.link,
        refusal: JSON.parse(refusal.text),
      },
      texts: {
        'the tool `billing__inspect_invoice`': JSON.stringify(inspectTool),
        'the output schema of `billing__inspect_invoice`': JSON.stringify(inspectOutput),
        'the tool `billing__propose_late_fee`': JSON.stringify(proposeTool),
        'the output schema of `billing__propose_late_fee`': JSON.stringify(proposeOutput),
        'the answer to a read': read.text,
        'the answer to a proposal': proposal.text,
        'the link beside it': JSON.stringify(proposal.link),
        'a refusal': refusal.text,
      },
    }
  },
}

// Read as they come, with their keys in order: the schemas of the SDK put them into another one.
const listed = z.object({ tools: z.array(z.looseObject({ outputSchema: z.unknown() })) })
const answered = z.object({ content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })) })

async function contentOf(client: Client, { name, args }: ModelCall) {
  const { content } = await client.request({ method: 'tools/call', params: { name, arguments: args } }, answered)
  const find = (type: string) => content.find((block) => block.type === type)
  return { text: find('text')?.text ?? '', link: find('resource_link') }
}
