import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { describe, expectTypeOf, it } from 'vitest'
import {
  createMcpHandler,
  createMcpServer,
  type HttpServing,
  type McpAuth,
  type McpHandlerOptions,
  type McpHostContext,
  type McpServerOptions,
  type McpToolOptions,
  registerMcpTools,
  type StdioServing,
  serveHttp,
  serveStdio,
} from '../../adapters/mcp/index.js'
import { createRunner, defineConfig, type Runner, type ToolOptions, type ToolSource } from '../../src/index.js'

const runner = createRunner(
  defineConfig({
    version: 1,
    mode: 'review',
    capabilities: [
      {
        name: 'depot.inspect_parcel',
        kind: 'read',
        source: 'depot',
        target: { table: 'parcels', primary_key: 'id', tenant_key: 'depot_id' },
        args: { parcel_id: { type: 'string' } },
        lookup: { id_from_arg: 'parcel_id' },
        visible_columns: ['id'],
      },
    ],
  }),
)
const session = runner.session({ tenant_id: 'north', principal: 'clerk' })
const server = new McpServer({ name: 'depot', version: '1.0.0' })

describe('the adapter for MCP', () => {
  it('takes sessions of any contract, and sources for many users', () => {
    expectTypeOf(session).toExtend<Parameters<typeof createMcpServer>[0]>()
    registerMcpTools(server, session, { only: ['depot.inspect_parcel'] })
    // @ts-expect-error no such capability
    registerMcpTools(server, session, { only: ['depot.approve'] })
    const many = runner.sessionsFrom(({ authInfo }: McpHostContext) => ({ claims: authInfo?.extra ?? {} }))
    expectTypeOf(many).toExtend<Parameters<typeof serveStdio>[0]>()
  })

  it('takes nothing that could approve or apply', () => {
    // @ts-expect-error a runner is no source of tools
    const give = (operator: Runner) => createMcpServer(operator)
    expectTypeOf(give).toBeFunction()
    expectTypeOf<Runner>().not.toExtend<ToolSource>()
    expectTypeOf(server).not.toExtend<ToolSource>()
  })

  it('makes the servers of the SDK', () => {
    expectTypeOf(createMcpServer).returns.toEqualTypeOf<Server>()
    expectTypeOf(serveStdio).returns.resolves.toEqualTypeOf<StdioServing>()
    expectTypeOf(createMcpHandler).returns.toExtend<(request: Request) => Promise<Response>>()
    expectTypeOf(serveHttp).returns.resolves.toEqualTypeOf<HttpServing>()
    expectTypeOf(registerMcpTools).returns.toBeVoid()
    expectTypeOf<Server>().not.toExtend<McpServer>()
  })

  it('has the options of every adapter, and how a server introduces itself', () => {
    expectTypeOf<McpServerOptions>().toExtend<ToolOptions<McpHostContext>>()
    expectTypeOf<McpToolOptions>().toExtend<ToolOptions<McpHostContext>>()
    expectTypeOf<Exclude<keyof McpServerOptions, keyof ToolOptions>>().toEqualTypeOf<
      'serverInfo' | 'instructions' | 'envelope_in_meta' | 'alias_mode'
    >()
    // @ts-expect-error no such option
    const misspelled: McpServerOptions = { inline_evidense: 'full' }
    expectTypeOf(misspelled).toExtend<McpServerOptions>()
  })

  it('serves nobody over HTTP without a way to know its callers', () => {
    // @ts-expect-error no auth
    const open: McpHandlerOptions = {}
    // @ts-expect-error two ways at once are none
    const vague: McpHandlerOptions = { auth: { token: 'x', jwt: 'y' } }
    expectTypeOf(open).toEqualTypeOf(vague)
    // @ts-expect-error a runner is no source of tools
    const give = (operator: Runner) => createMcpHandler(operator, { auth: 'insecure_loopback' })
    expectTypeOf(give).toBeFunction()
    // @ts-expect-error no such capability
    createMcpHandler(session, { auth: 'insecure_loopback', only: ['depot.approve'] })
  })

  it('says of a sender only what a transport knows', () => {
    expectTypeOf<keyof McpHostContext>().toEqualTypeOf<'authInfo' | 'sessionId' | 'requestInfo'>()
  })
})

it('takes one way to know callers, and not two', () => {
  const jwt = { issuer: 'i', audience: 'a', algorithms: ['RS256'], keys: 'https://login.example.com/jwks' }
  expectTypeOf<{ token: string }>().toExtend<McpAuth>()
  expectTypeOf({ token: 't', jwt }).not.toExtend<McpAuth>()
  expectTypeOf({ jwt, authenticate: () => undefined }).not.toExtend<McpAuth>()
})
