import { defineCommand } from '../../command.js'
import { HTTP_OPTIONS } from '../../mcp/http-options.js'
import { TOOL_OPTIONS } from '../../mcp/tool-options.js'
import { flag } from '../../options.js'
import { usageError } from '../../usage-error.js'

const OPTIONS = {
  http: flag('--http', 'Over Streamable HTTP, as serve-streamable-http does.'),
  log: flag('--log', 'Over stdio, write one JSON line a request to stderr. Over HTTP it always is.'),
  ...TOOL_OPTIONS,
  ...HTTP_OPTIONS,
}

/** `mcp serve`. */
export const mcpServe = defineCommand({
  name: 'mcp serve',
  summary: 'Serve the tools of the contract to an MCP client, over stdin and stdout.',
  details:
    'A client starts this by itself: see mcp config. It has tools that read and propose, and none that approves, applies or takes SQL. Options about hosts, ports, tokens and limits go with --http.',
  needs: 'runner',
  serves: true,
  options: OPTIONS,
  examples: ['mcp serve --config synapsor.runner.json', 'mcp serve --http --port 9000'],
  async run(call, io) {
    const { http, log, ...options } = call.options
    if (http === true) {
      const { serveOverHttp } = await import('../../mcp/serve-http.js')
      return serveOverHttp(call, options, 'mcp', io)
    }
    const isStray = Object.entries(options).some(
      ([name, value]) => value !== undefined && Object.hasOwn(HTTP_OPTIONS, name),
    )
    if (isStray) throw usageError('Options of HTTP are given, and not --http.', 'Add --http, or leave them out.')
    const { serveOverStdio } = await import('../../mcp/serve-stdio.js')
    return serveOverStdio(call, { ...options, log }, io)
  },
})
