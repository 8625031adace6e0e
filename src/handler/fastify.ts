import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WritebackHandler } from './handler.js'
import { toNodeHandler } from './node.js'

/** What is used of an instance of Fastify 4 or 5. */
export interface FastifyInstance {
  removeAllContentTypeParsers(): unknown
  addContentTypeParser(
    type: string,
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void,
  ): unknown
  route(route: {
    readonly method: ('POST' | 'PUT' | 'PATCH')[]
    readonly url: string
    readonly handler: (
      request: { readonly raw: IncomingMessage },
      reply: { readonly raw: ServerResponse; hijack(): unknown },
    ) => void
  }): unknown
}

/**
 * A plugin for Fastify. Inside it, and only there, bodies are left as they come, since the bytes are what was signed.
 *
 * @param options - `path`, where requests are taken. @defaultValue `/writeback`
 *
 * @example
 * ```ts
 * import { createWritebackHandler, fastifyHandler, postgresDatabase } from '@synapsor/runner/handler'
 * import pg from 'pg'
 *
 * export const writeback = fastifyHandler(
 *   createWritebackHandler({
 *     token: process.env.BILLING_HANDLER_TOKEN ?? '',
 *     database: postgresDatabase(new pg.Pool()),
 *     capabilities: { 'billing.close_invoice': async () => ({ rows_affected: 1 }) },
 *   }),
 *   { path: '/internal/writeback' },
 * )
 * // await app.register(writeback)
 * ```
 */
export function fastifyHandler(
  handler: WritebackHandler,
  { path = '/writeback' }: { readonly path?: string } = {},
): (instance: FastifyInstance) => Promise<void> {
  const answer = toNodeHandler(handler)
  return async (instance) => {
    instance.removeAllContentTypeParsers()
    instance.addContentTypeParser('*', (_request, _payload, done) => done(null))
    instance.route({
      method: ['POST', 'PUT', 'PATCH'],
      url: path,
      handler: (request, reply) => {
        reply.hijack()
        answer(request.raw, reply.raw)
      },
    })
  }
}
