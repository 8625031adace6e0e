import { RunnerError } from '../../errors.js'

/** What an audit uses of the SDK, which is loaded for a live check alone: it is an optional package. */
export function mcpSdk() {
  return loaded(async () => {
    const [{ Client }, { StreamableHTTPClientTransport }, { ErrorCode, JSONRPCMessageSchema, McpError }] =
      await Promise.all([
        import('@modelcontextprotocol/sdk/client/index.js'),
        import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
        import('@modelcontextprotocol/sdk/types.js'),
      ])
    return { Client, StreamableHTTPClientTransport, ErrorCode, JSONRPCMessageSchema, McpError }
  })
}

/** The variables that the SDK's own clients hand to the servers that they start. */
export function inheritedVariables(): Promise<readonly string[]> {
  return loaded(async () => (await import('@modelcontextprotocol/sdk/client/stdio.js')).DEFAULT_INHERITED_ENV_VARS)
}

async function loaded<Parts>(load: () => Promise<Parts>): Promise<Parts> {
  try {
    return await load()
  } catch (cause) {
    throw new RunnerError('PLATFORM_UNSUPPORTED', 'A live audit needs the package @modelcontextprotocol/sdk.', {
      details: { package: '@modelcontextprotocol/sdk' },
      next: 'Install @modelcontextprotocol/sdk, or audit a file.',
      cause,
    })
  }
}
