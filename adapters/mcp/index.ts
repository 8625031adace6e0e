/**
 * Tools for clients of the Model Context Protocol: on a server of your own, on one made for them, or over stdio.
 *
 * @packageDocumentation
 */
export type { McpHostContext } from './host-context.js'
export { registerMcpTools } from './register.js'
export { envelopeOf, type McpToolOptions } from './result.js'
export { createMcpServer, type McpServerOptions } from './server.js'
export { serveStdio } from './stdio.js'
