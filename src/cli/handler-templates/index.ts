import { command } from './command.js'
import { nodeFastify } from './node-fastify.js'
import { nodeHono } from './node-hono.js'
import { pythonFastapi } from './python-fastapi.js'
import type { HandlerTemplate } from './template.js'

/** By the names that `handler template` takes. */
export const HANDLER_TEMPLATES: Readonly<Record<string, HandlerTemplate>> = {
  'node-fastify': nodeFastify,
  'node-hono': nodeHono,
  'python-fastapi': pythonFastapi,
  command,
}
