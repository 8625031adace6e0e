import type OpenAI from 'openai'
import { describe, expectTypeOf, it } from 'vitest'
import { createFunctionTools, type FunctionSchema } from '../../adapters/function-calling/index.js'
import type { Envelope, Runner, Session } from '../../src/index.js'

declare const session: Session
declare const runner: Runner

/** As `Tool` of `@anthropic-ai/sdk` and `FunctionDeclaration` of `@google/genai` have it. */
interface AnthropicTool {
  name: string
  description?: string
  input_schema: { type: 'object'; properties?: unknown; required?: string[] | null; [key: string]: unknown }
}
interface GeminiDeclaration {
  name?: string
  description?: string
  parametersJsonSchema?: unknown
}

describe('tools for a loop', () => {
  it('are what the clients of the providers take', () => {
    const chat = createFunctionTools(session, { format: 'openai-chat' })
    expectTypeOf(chat.tools).toExtend<OpenAI.Chat.Completions.ChatCompletionTool[]>()
    const responses = createFunctionTools(session, { format: 'openai-responses' })
    expectTypeOf(responses.tools).toExtend<OpenAI.Responses.Tool[]>()
    const anthropic = createFunctionTools(session, { format: 'anthropic' })
    expectTypeOf(anthropic.tools).toExtend<AnthropicTool[]>()
    const gemini = createFunctionTools(session, { format: 'gemini' })
    expectTypeOf(gemini.tools).toExtend<GeminiDeclaration[]>()
  })

  it('have one schema, and answer with the one envelope', () => {
    const { tools, call } = createFunctionTools(session, { format: 'anthropic' })
    expectTypeOf(tools[0]?.input_schema).toEqualTypeOf<FunctionSchema | undefined>()
    expectTypeOf(call).returns.resolves.toEqualTypeOf<Envelope>()
  })

  it('need to be told whom a call is for where the source says what it asks', () => {
    const resolve = ({ tenant }: { tenant: string }) => ({ tenant_id: tenant, principal: 'clerk' })
    const typed = createFunctionTools(runner.sessionsFrom(resolve), { format: 'gemini' })
    expectTypeOf(typed.call).parameters.toEqualTypeOf<[name: string, args: unknown, hostContext: { tenant: string }]>()
    const bound = createFunctionTools(session, { format: 'gemini' })
    expectTypeOf(bound.call).parameters.toEqualTypeOf<[name: string, args: unknown, hostContext?: unknown]>()
    const untyped = runner.sessionsFrom(() => ({ tenant_id: 'north', principal: 'clerk' }))
    expectTypeOf(createFunctionTools(untyped, { format: 'gemini' })).toEqualTypeOf<typeof bound>()
  })

  it('need a format that is known', () => {
    // @ts-expect-error there is no such provider
    createFunctionTools(session, { format: 'mistral' })
  })
})
