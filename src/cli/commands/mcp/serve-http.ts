import { defineCommand } from '../../command.js'
import { HTTP_OPTIONS } from '../../mcp/http-options.js'
import { TOOL_OPTIONS } from '../../mcp/tool-options.js'

/** `mcp serve-http`. */
export const mcpServeHttp = defineCommand({
  name: 'mcp serve-http',
  summary: 'Serve the tools of the contract as plain JSON-RPC, at http://127.0.0.1:8765/mcp.',
  details:
    'For clients that speak no MCP: one POST, one JSON answer, no session. Methods: tools/list, tools/call, resources/list, resources/templates/list, resources/read and ping. The same authentication and limits as serve-streamable-http.',
  needs: 'runner',
  serves: true,
  options: { ...TOOL_OPTIONS, ...HTTP_OPTIONS },
  examples: ['mcp serve-http --insecure-loopback'],
  async run(call, io) {
    const { serveOverHttp } = await import('../../mcp/serve-http.js')
    return serveOverHttp(call, call.options, 'json-rpc', io)
  },
})
