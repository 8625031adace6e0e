import { createExchange } from '../../../../adapters/mcp/exchange.js'
import type { McpHostContext } from '../../../../adapters/mcp/host-context.js'
import { listenAt } from '../../../../adapters/mcp/node-server.js'
import { resolveLimits } from '../../../../adapters/mcp/options.js'
import type { Config, ToolSource } from '../../../../src/index.js'
import { connectionOf } from './connection-of.js'
import { createEverything } from './everything.js'

/**
 * Our gate, sessions, streams and listening port, with a server of the SDK behind them that has everything that the
 * conformance suite asks for. `source` says whose the sessions are.
 */
export async function serveEverything(source: ToolSource<Config, McpHostContext>) {
  let bound: number | undefined
  const exchange = createExchange(
    source,
    { auth: 'insecure_loopback', path: '/mcp' },
    {
      isLoopback: true,
      isKnown: true,
      port: () => bound,
      connect: (send) => connectionOf(createEverything(), send),
    },
  )
  const limits = resolveLimits(undefined)
  const server = await listenAt({ host: '127.0.0.1', port: 0, exchange, ready: undefined, limits })
  bound = server.port
  return { url: `http://127.0.0.1:${server.port}/mcp`, close: () => server.close(1000) }
}
