import { type Call, defineCommand } from '../../command.js'
import type { Io } from '../../io.js'
import { flag, text } from '../../options.js'
import type { Preview } from '../../tools/preview.js'

const OPTIONS = {
  adapter: text('--adapter <name>', 'What this adapter of the contract shows. Default: all that the mode allows.'),
  offline: flag('--offline', 'Do not ask the databases which columns their tables have.'),
}

/** `tools preview`. */
export const toolsPreview = defineCommand({
  name: 'tools preview',
  summary: 'Show exactly what an agent sees, what it costs, and what it does not see.',
  details:
    'Reads no row. The databases are only asked for the names of columns. Tokens are estimated from wire name, description and input schema, four characters each.',
  needs: 'runner',
  options: OPTIONS,
  examples: ['tools preview', 'tools preview --adapter mcp.support_agent'],
  async run(call, io) {
    const preview = await load(call, io)
    const { renderPreview } = await import('../../text/preview.js')
    return { document: preview, render: (view) => renderPreview(preview, view) }
  },
})

async function load(call: Call<typeof OPTIONS>, { env }: Io): Promise<Preview> {
  const runner = await call.runner()
  const { loadPreview } = await import('../../tools/preview.js')
  const { adapter, offline } = call.options
  const path = call.config_path
  // The connections of a runner of the app's own are its own.
  if (offline === true || path === undefined) return loadPreview(runner, adapter, undefined)
  const { withColumns } = await import('../../tools/table-columns.js')
  return withColumns({ config: runner.config, path, env }, (lookup) => loadPreview(runner, adapter, lookup))
}
