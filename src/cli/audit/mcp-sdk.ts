import { RunnerError } from '../../errors.js'

/** What an audit uses of the SDK, which is loaded for a live check alone: it is an optional package. */
export async function mcpSdk() {
  try {
    const [{ Client }, { StreamableHTTPClientTransport }, { ErrorCode, JSONRPCMessageSchema, McpError }] =
      await Promise.all([
        import('@modelcontextprotocol/sdk/client/index.js'),
        import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
        import('@modelcontextprotocol/sdk/types.js'),
      ])
    return { Client, StreamableHTTPClientTransport, ErrorCode, JSONRPCMessageSchema, McpError }
  } catch (cause) {
    throw new RunnerError('PLATFORM_UNSUPPORTED', 'A live audit needs the package @modelcontextprotocol/sdk.', {
      details: { package: '@modelcontextprotocol/sdk' },
      next: 'Install @modelcontextprotocol/sdk, or audit a file.',
      cause,
    })
  }
}
