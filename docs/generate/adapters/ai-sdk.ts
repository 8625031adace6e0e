import { generateText, stepCountIs } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { createAISDKTools } from '../../../adapters/ai/index.js'
import { type AdapterPage, nameAnswers, onlyAnswer } from './shown.js'
import type { ModelCall } from './world.js'

export const aiSdk: AdapterPage = {
  contract: {
    row: { fee: 5500 },
    inspect: { args: { invoice_id: { type: 'string', max_length: 64 } } },
    propose: {
      name: 'billing.propose_fee',
      args: { invoice_id: { type: 'string', max_length: 64 }, fee: { type: 'integer' } },
      patch: { fee: { from_arg: 'fee' } },
    },
    args: { invoice_id: 'INV-3001', fee: 0 },
  },
  show: async ({ session, calls, desk }, inline_evidence) => {
    const first = await ask(createAISDKTools(session, { inline_evidence }), Object.values(calls))
    const [inspect, propose] = first.tools
    const { read, proposal, refusal } = nameAnswers(first.outputs)
    const { adapter } = desk
    const { tools, outputs } = await ask(createAISDKTools(desk.session, { adapter, inline_evidence }), [desk.call])
    const [workflow] = tools
    const run = onlyAnswer(outputs)
    return {
      blocks: { tool: propose, read, proposal, refusal, workflow, run },
      texts: {
        'the tool `billing__inspect_invoice`': JSON.stringify(inspect),
        'the tool `billing__propose_fee`': JSON.stringify(propose),
        'the answer to a read': valueIn(read),
        'the answer to a proposal': valueIn(proposal),
        'a refusal': valueIn(refusal),
        'the tool of a whole workflow': JSON.stringify(workflow),
        'its answer': valueIn(run),
      },
    }
  },
}

/** Has a model make these calls, and tells what it was shown. */
async function ask(tools: ReturnType<typeof createAISDKTools>, calls: readonly ModelCall[]) {
  const model = scripted(calls)
  await generateText({ model, tools, prompt: 'go', stopWhen: stepCountIs(calls.length + 1) })
  const prompt = model.doGenerateCalls.at(-1)?.prompt ?? []
  const parts = prompt.flatMap((message) => (message.role === 'tool' ? message.content : []))
  const outputs = parts.flatMap((part) => (part.type === 'tool-result' ? [part.output] : []))
  return { tools: model.doGenerateCalls[0]?.tools ?? [], outputs }
}

/** Providers send the value alone. */
function valueIn(output: { readonly type: string; readonly value?: unknown }): string {
  return JSON.stringify(output.value)
}

function scripted(calls: readonly ModelCall[]): MockLanguageModelV3 {
  const usage = {
    inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 0, text: 0, reasoning: 0 },
  }
  const steps = calls.map(({ name, args }, place) => ({
    content: [{ type: 'tool-call' as const, toolCallId: `c${place}`, toolName: name, input: JSON.stringify(args) }],
    finishReason: { unified: 'tool-calls' as const, raw: '' },
    ...{ usage, warnings: [] },
  }))
  const end = {
    content: [{ type: 'text' as const, text: 'done' }],
    finishReason: { unified: 'stop' as const, raw: '' },
    ...{ usage, warnings: [] },
  }
  return new MockLanguageModelV3({ doGenerate: [...steps, end] })
}
