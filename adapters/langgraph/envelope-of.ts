import type { BaseMessage } from '@langchain/core/messages'
import type { Envelope } from '../../src/index.js'
import { isEnvelope } from '../../src/protocol/is-envelope.js'

/**
 * The whole answer of one of our tools, whatever part of it the model was shown; `undefined` for any other message. It
 * stays with the message in a checkpoint: whoever can write there can write here too.
 *
 * @example
 * ```ts
 * const { messages } = await agent.invoke(input, config)
 * const proposals = messages.flatMap((message) => envelopeOf(message)?.proposal ?? [])
 * ```
 */
export function envelopeOf(message: BaseMessage): Envelope | undefined {
  // Callers without types give anything.
  const { artifact }: { readonly artifact?: unknown } = Object(message)
  return isEnvelope(artifact) ? artifact : undefined
}
