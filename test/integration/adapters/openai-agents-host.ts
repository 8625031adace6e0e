import { Agent, type RunItem, run, setTracingDisabled } from '@openai/agents'
import { assistantMessage, functionCall, ScriptedModel, type ScriptedModelInput } from '@openai/agents/testing'
import { envelopeOf, type OpenAIAgentsTool } from '../../../adapters/openai-agents/index.js'
import type { Envelope } from '../../../src/index.js'

setTracingDisabled(true)

export type Call = ReturnType<typeof functionCall>

/** A call of the model, as a provider would give it. */
export function callOf(name: string, args: unknown, callId = 'c1'): Call {
  return functionCall(name, typeof args === 'string' ? args : JSON.stringify(args), { callId })
}

/** A model that makes these calls, each in a turn of its own, and then says "done". */
export function modelOf(...calls: readonly Call[]): ScriptedModel {
  return new ScriptedModel([...calls.map((call): ScriptedModelInput => [call]), [assistantMessage('done')]])
}

export function agentOf(model: ScriptedModel, tools: OpenAIAgentsTool[]): Agent {
  return new Agent({ name: 'Support', model, tools })
}

/** Everything that the last request to the model holds as output of tools, as text. */
export function shownTo(model: ScriptedModel): string {
  const input = model.lastCall?.request.input
  if (!Array.isArray(input)) return ''
  return input
    .flatMap((item) => (item.type === 'function_call_result' ? [item.output] : []))
    .map((output) => (typeof output === 'object' && 'text' in output ? output.text : JSON.stringify(output)))
    .join('\n')
}

/** What our tools answered in a run, whole. */
export function envelopesOf(result: { readonly newItems: readonly RunItem[] }): readonly Envelope[] {
  return result.newItems.flatMap((item) => envelopeOf(item) ?? [])
}

/** One call in a run of its own. */
export async function callOnce(tools: OpenAIAgentsTool[], name: string, args: unknown, context?: unknown) {
  const model = modelOf(callOf(name, args))
  const toolNotFoundBehavior = 'return_error_to_model'
  const result = await run(agentOf(model, tools), 'hi', { context, toolNotFoundBehavior })
  return { shown: shownTo(model), envelope: envelopesOf(result)[0] }
}
