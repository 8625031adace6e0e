import { defineCommand } from '../../command.js'
import { HTTP_OPTIONS } from '../../mcp/http-options.js'
import { TOOL_OPTIONS } from '../../mcp/tool-options.js'

/** `mcp serve-streamable-http`. */
export const mcpServeStreamableHttp = defineCommand({
  name: 'mcp serve-streamable-http',
  summary: 'Serve the tools of the contract over Streamable HTTP, at http://127.0.0.1:8766/mcp.',
  details:
    'Needs a bearer token or signed tokens. GET /healthz says that it runs, GET /readyz whether sources and ledger answer. One JSON line a request goes to stderr.',
  needs: 'runner',
  serves: true,
  options: { ...TOOL_OPTIONS, ...HTTP_OPTIONS },
  examples: ['mcp serve-streamable-http', 'mcp serve-streamable-http --host 0.0.0.0 --allowed-host mcp.example.com'],
  async run(call, io) {
    const { serveOverHttp } = await import('../../mcp/serve-http.js')
    return serveOverHttp(call, call.options, 'mcp', io)
  },
})
