import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tool as langChainTool } from '@langchain/core/tools'
import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import { generateText, jsonSchema, stepCountIs, tool } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agent, contractOf, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
}

/** The three surfaces as an app would hold them: tools in two frameworks, and a reviewer in a process of its own. */
describe('the surfaces in an app', () => {
  let shop: Shop
  let loop: Loop
  beforeAll(async () => {
    shop = await openSqliteShop()
    loop = await openLoop(shop)
  })
  afterAll(async () => {
    await loop.close()
    await shop.drop()
  })

  it('lets an AI SDK model inspect through a session', async () => {
    const session = loop.runner.session(agent)
    const inspect = tool({
      description: 'Reads one invoice.',
      inputSchema: jsonSchema<{ invoice_id: string }>({
        type: 'object',
        properties: { invoice_id: { type: 'string' } },
      }),
      execute: (input) => session.call('billing.inspect_invoice', input),
    })
    const model = new MockLanguageModelV3({
      doGenerate: [
        {
          content: [
            {
              type: 'tool-call',
              toolCallId: 'c0',
              toolName: 'inspect',
              input: JSON.stringify({ invoice_id: loop.invoice }),
            },
          ],
          finishReason: { unified: 'tool-calls', raw: '' },
          usage,
          warnings: [],
        },
        { content: [{ type: 'text', text: 'done' }], finishReason: { unified: 'stop', raw: '' }, usage, warnings: [] },
      ],
    })

    const { steps } = await generateText({ model, tools: { inspect }, prompt: 'Look.', stopWhen: stepCountIs(3) })

    expect(steps[0]?.toolResults[0]?.output).toMatchObject({ ok: true, kind: 'read', source_database_changed: false })
  })

  it('lets a LangGraph graph propose, a reviewer in another process approve, and the operator apply', async () => {
    const session = loop.runner.session(agent)
    const propose = langChainTool(async (input) => session.call('billing.propose_late_fee_waiver', input), {
      name: 'billing__propose_late_fee_waiver',
      description: 'Proposes to waive a late fee.',
      schema: { type: 'object', properties: { invoice_id: { type: 'string' } } },
    })
    const State = Annotation.Root({ invoice_id: Annotation<string>, proposal_id: Annotation<string> })
    const graph = new StateGraph(State)
      .addNode('propose', async ({ invoice_id }) => {
        const envelope = await propose.invoke({ invoice_id, reason: 'outage', fee: 0 })
        return { proposal_id: envelope.proposal?.id ?? '' }
      })
      .addEdge(START, 'propose')
      .addEdge('propose', END)
      .compile()

    const { proposal_id } = await graph.invoke({ invoice_id: loop.invoice, proposal_id: '' })
    await approveElsewhere()

    expect((await session.waitForDecision(proposal_id, { timeout_ms: 10_000 })).status).toBe('approved')
    expect((await loop.runner.apply(proposal_id)).status).toBe('applied')
    expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('0')
  })

  it('gives a session no way to decide or to write', () => {
    const session: object = loop.runner.session(agent)

    for (const verb of ['approve', 'reject', 'apply', 'reconcile', 'revoke', 'migrate', 'runner', 'ledger', 'ports']) {
      expect(session).not.toHaveProperty(verb)
    }
    expect(Object.isFrozen(session)).toBe(true)
    expect(loop.runner.reviewer({ id: 'dana' })).not.toHaveProperty('apply')
  })

  async function approveElsewhere(): Promise<void> {
    const config = join(shop.folder, 'synapsor.runner.json')
    writeFileSync(config, JSON.stringify(contractOf(shop)))
    const script = fileURLToPath(new URL('reviewer-process.ts', import.meta.url))
    await promisify(execFile)(process.execPath, ['--import', 'tsx', script, config, loop.ledger])
  }
})
