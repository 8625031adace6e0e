import { defineCommand } from '../../command.js'
import { assertFile } from '../../files.js'
import { CLIENT_NAMES, CLIENTS } from '../../mcp/clients.js'
import { text } from '../../options.js'
import { usageError } from '../../usage-error.js'

/** `mcp config`. */
export const mcpConfig = defineCommand({
  name: 'mcp config',
  summary: 'Print what to paste into an MCP client, so that it starts this server.',
  details: `Clients: ${CLIENT_NAMES.join(', ')}. Paths are absolute; no secret is printed. Where the contract names environment variables, --dotenv lets the server read them from a file.`,
  needs: 'runner',
  args: [{ name: 'client', summary: CLIENT_NAMES.join(', ') }],
  options: {
    name: text('--name <name>', 'How the client calls the server. Default: synapsor.'),
    dotenv: text('--dotenv <file>', 'A file of NAME=value lines that the server reads when it starts.'),
    adapter: text('--adapter <name>', 'Exposes what this adapter of the contract names.'),
  },
  examples: ['mcp config claude-desktop', 'mcp config vscode --dotenv .env'],
  async run(call, io) {
    const client = CLIENT_NAMES.find((each) => each === call.args.client)
    if (client === undefined)
      throw usageError('There is no snippet for that client.', `Give one of ${CLIENT_NAMES.join(', ')}.`)
    if (call.config_path === undefined)
      throw usageError('A snippet starts from a contract.', 'Give --config instead of --runner.')
    const { dotenv, adapter, name = 'synapsor' } = call.options
    if (dotenv !== undefined) assertFile(dotenv, io)
    const { launchOf, variablesToServe } = await import('../../mcp/launch.js')
    const variables = variablesToServe(await call.contract())
    const { place, snippet } = CLIENTS[client]
    const launch = launchOf({ cwd: io.cwd, config_path: call.config_path, dotenv, adapter })
    const printed = snippet(launch, name)
    if (!call.json) io.err(`${notes(place, dotenv === undefined ? variables : []).join('\n')}\n`)
    return { document: { client, place, snippet: printed, ...launch, variables }, render: () => printed }
  },
})

function notes(place: string, variables: readonly string[]): readonly string[] {
  const needs = `The server needs ${variables.join(', ')}: give --dotenv <file>, or set them where the client starts it.`
  return [`Paste this into ${place}:`, ...(variables.length === 0 ? [] : [needs])]
}
