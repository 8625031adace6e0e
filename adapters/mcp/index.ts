/**
 * Tools for clients of the Model Context Protocol: on a server of your own, on one made for them, over stdio or over HTTP.
 *
 * @packageDocumentation
 */
export type { McpAuth } from './auth.js'
export { createMcpHandler, type McpHandler } from './handler.js'
export { claimsOf, type McpHostContext } from './host-context.js'
export { type HttpServing, type McpHttpOptions, serveHttp } from './http.js'
export type { JwtKeySet, McpJwtOptions } from './jwt-options.js'
export type { McpHandlerOptions, McpLimits, McpProtocol } from './options.js'
export type { ReadyCheck } from './probes.js'
export { registerMcpTools } from './register.js'
export { envelopeOf, type McpToolOptions } from './result.js'
export { createMcpServer } from './server.js'
export { type McpStdioOptions, type StdioServing, serveStdio } from './stdio.js'
export type { McpServerOptions } from './surface.js'
export type { AliasMode } from './tools-listed.js'
