/** How a client starts the server. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
}

interface Client {
  /** Where its snippet belongs, in words. */
  readonly place: string
  readonly snippet: (launch: Launch, server: string) => string
}

/** Each client that a snippet can be printed for. */
export const CLIENTS = {
  'claude-desktop': {
    place: 'claude_desktop_config.json, under Settings > Developer > Edit Config',
    snippet: (launch, server) => json({ mcpServers: { [server]: launch } }),
  },
  'claude-code': {
    place: '.mcp.json in the root of your project',
    snippet: (launch, server) => json({ mcpServers: { [server]: { type: 'stdio', ...launch } } }),
  },
  cursor: {
    place: '.cursor/mcp.json in the root of your project',
    snippet: (launch, server) => json({ mcpServers: { [server]: launch } }),
  },
  vscode: {
    place: '.vscode/mcp.json in the root of your project',
    snippet: (launch, server) => json({ servers: { [server]: { type: 'stdio', ...launch } } }),
  },
  'openai-agents': {
    place: 'a TypeScript module of your agent',
    snippet: openAIAgents,
  },
  generic: {
    place: 'wherever your client keeps the servers that it starts',
    snippet: (launch, server) => json({ mcpServers: { [server]: launch } }),
  },
} as const satisfies Readonly<Record<string, Client>>

export type ClientName = keyof typeof CLIENTS

export const CLIENT_NAMES = Object.keys(CLIENTS).filter((name): name is ClientName => Object.hasOwn(CLIENTS, name))

function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

function openAIAgents({ command, args }: Launch, server: string): string {
  return [
    "import { Agent, MCPServerStdio } from '@openai/agents'",
    '',
    'export const server = new MCPServerStdio({',
    `  name: ${JSON.stringify(server)},`,
    `  command: ${JSON.stringify(command)},`,
    `  args: ${JSON.stringify(args)},`,
    '})',
    "export const agent = new Agent({ name: 'Assistant', mcpServers: [server] })",
    '',
    '// Before the first run: await server.connect(); behind the last one: await server.close().',
  ].join('\n')
}
