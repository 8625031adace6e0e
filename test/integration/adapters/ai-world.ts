import { generateText, type ModelMessage, simulateReadableStream, stepCountIs } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import type { AISDKTools } from '../../../adapters/ai/index.js'
import type { Envelope } from '../../../src/index.js'

type Generate = Extract<ConstructorParameters<typeof MockLanguageModelV3>[0], object>['doGenerate']
type Generated = Extract<Generate, readonly unknown[]>[number]
type Content = Generated['content'][number]

const usage: Generated['usage'] = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
}

/** A call as a model writes it: arguments are JSON text. */
export function toolCall(toolName: string, args: unknown, toolCallId = 'c1') {
  const input = typeof args === 'string' ? args : JSON.stringify(args)
  return { type: 'tool-call', toolCallId, toolName, input } as const satisfies Content
}

/** A model that makes these calls in one step, and says "done" in the next. */
export function scripted(...calls: readonly Content[]): MockLanguageModelV3 {
  const steps: readonly Generated[] = [
    { content: [...calls], finishReason: { unified: 'tool-calls', raw: '' }, usage, warnings: [] },
    { content: [{ type: 'text', text: 'done' }], finishReason: { unified: 'stop', raw: '' }, usage, warnings: [] },
  ]
  return new MockLanguageModelV3({ doGenerate: [...(calls.length === 0 ? steps.slice(1) : steps)] })
}

/** The same as a stream. */
export function streaming(call: ReturnType<typeof toolCall>): MockLanguageModelV3 {
  const stream = <Part>(chunks: Part[]) => ({ stream: simulateReadableStream({ chunks }) })
  return new MockLanguageModelV3({
    doStream: [
      stream([call, { type: 'finish', finishReason: { unified: 'tool-calls', raw: '' }, usage }]),
      stream([
        { type: 'text-start', id: 't' },
        { type: 'text-delta', id: 't', delta: 'done' },
        { type: 'text-end', id: 't' },
        { type: 'finish', finishReason: { unified: 'stop', raw: '' }, usage },
      ]),
    ],
  })
}

/** What a model is shown of its tool calls, as text: the tool messages of its last prompt. */
export function shownTo(model: MockLanguageModelV3): string {
  const prompt = [...model.doGenerateCalls, ...model.doStreamCalls].at(-1)?.prompt ?? []
  return JSON.stringify(prompt.filter(({ role }) => role === 'tool'))
}

/** Runs a scripted model, and gives what it was shown and what the host got. */
export async function run(
  model: MockLanguageModelV3,
  tools: AISDKTools,
  given: { readonly messages?: ModelMessage[]; readonly context?: object } = {},
) {
  const { messages = [{ role: 'user', content: 'p' }], context = {} } = given
  const result = await generateText({ model, tools, messages, stopWhen: stepCountIs(3), maxRetries: 0, ...context })
  const outputs = result.steps.flatMap(({ toolResults }) => toolResults.map(({ output }) => output as Envelope))
  return { result, outputs, shown: shownTo(model) }
}
