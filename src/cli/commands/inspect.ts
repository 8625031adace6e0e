import { defineCommand } from '../command.js'
import { choice, flag, text } from '../options.js'
import { usageError } from '../usage-error.js'

/** `inspect`. */
export const inspectCommand = defineCommand({
  name: 'inspect',
  summary: 'Survey a database from its catalogue: what could be key, tenant and version of each table, what is unsafe.',
  details:
    'Reads names, types and rules through a credential that only reads; never a row. What it suggests, a person decides. The document of --json is what init --inspection-json takes.',
  needs: 'nothing',
  args: [{ name: 'table', summary: 'One table, as --table.', optional: true }],
  options: {
    engine: choice('--engine <engine>', 'Which database. Default: auto, by the URL or --path.', [
      'auto',
      'postgres',
      'mysql',
      'sqlite',
    ]),
    from_env: text('--from-env <name>', 'The environment variable that holds the URL of the reader.'),
    path: text('--path <file>', 'The SQLite file.'),
    schema: text('--schema <schema>', 'Only this schema; on MySQL, this database. Default: every one.'),
    table: text('--table <table>', 'All about one table: orders, or sales.orders.'),
    ca_env: text(
      '--ca-env <name>',
      'The environment variable with the path of the authority certificate (PEM) for TLS.',
    ),
    all: flag('--all', 'List every table, however many there are.'),
    output: text('-o, --output <file>', 'Write the document of --json into this file.'),
  },
  examples: [
    'inspect --from-env DATABASE_URL',
    'inspect --from-env DATABASE_URL --schema public --table invoices',
    'inspect --engine sqlite --path shop.db --json',
  ],
  async run({ args, options, json }, io) {
    const { engine = 'auto', from_env, path, schema, ca_env } = options
    const given = { engine, from_env, path, ca_env }
    const wanted = tableOf(args.table, options.table)
    assertNoUrl([wanted, schema, options.output])
    const { inspect } = await import('../inspect/inspect.js')
    const inspection = await inspect(given, { schema, table: wanted }, io)
    if (options.output !== undefined) {
      const { writePrivate } = await import('../files.js')
      const { renderJson } = await import('../text/json.js')
      writePrivate(options.output, `${renderJson(inspection)}\n`, io)
      if (!json) io.err(`Written to ${options.output}.\n`)
    }
    const { renderInspection } = await import('../inspect/render.js')
    const { renderTableInspection } = await import('../inspect/render-table.js')
    const [only] = inspection.tables
    return {
      document: inspection,
      render: (view) =>
        wanted !== undefined && only !== undefined
          ? renderTableInspection(inspection, only, view)
          : renderInspection(inspection, { all: options.all === true, view }),
    }
  },
})

function tableOf(argument: string | undefined, option: string | undefined): string | undefined {
  if (argument !== undefined && option !== undefined) throw usageError('Two tables are given.', 'Give one of them.')
  return argument ?? option
}

/** What was given is not said again: it may hold a password. */
function assertNoUrl(given: readonly (string | undefined)[]): void {
  if (!given.some((each) => each?.includes('://') === true)) return
  throw usageError(
    'A URL is given where a name belongs. It shows in the list of processes: change its password if it has one.',
    'Put the URL into an environment variable and name that: --from-env DATABASE_URL.',
  )
}
