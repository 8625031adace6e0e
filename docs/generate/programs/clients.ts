import { CLIENT_NAMES, CLIENTS, type Launch } from '../../../src/cli/mcp/clients.js'

/** As `mcp config` has it on a machine where the package is installed in a folder of its own. */
const LAUNCH: Launch = {
  command: '/usr/local/bin/node',
  args: [
    '--env-file=/srv/desk/.env',
    '/srv/desk/node_modules/@synapsor/runner/dist/cli.js',
    'mcp',
    'serve',
    '--config',
    '/srv/desk/synapsor.runner.json',
  ],
}

/** What `docs/mcp-clients.md` shows: what is pasted into each client, and where. */
export function printedOfClients(): ReadonlyMap<string, string> {
  const snippets = CLIENT_NAMES.map((name) => [name, CLIENTS[name].snippet(LAUNCH, 'synapsor')] as const)
  const rows = CLIENT_NAMES.map((name) => `| \`${name}\` | ${CLIENTS[name].place} |`)
  return new Map([...snippets, ['places', ['| Client | Where it belongs |', '| --- | --- |', ...rows].join('\n')]])
}
