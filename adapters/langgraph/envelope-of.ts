import type { BaseMessage } from '@langchain/core/messages'
import type { Envelope } from '../../src/index.js'

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
  const artifact: unknown = 'artifact' in message ? message.artifact : undefined
  const isOurs = typeof artifact === 'object' && artifact !== null && 'source_database_changed' in artifact
  // Only our tools write this shape, and the framework gives an artifact back as it was.
  return isOurs ? (artifact as Envelope) : undefined
}
