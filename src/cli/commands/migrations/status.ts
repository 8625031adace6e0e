import type { Readiness } from '../../../index.js'
import { defineCommand, type View } from '../../command.js'
import { renderTable } from '../../text/table.js'

/** The receipts table of one source. */
interface Item {
  readonly source: string
  readonly ok: boolean
  readonly code?: string
}

const PREFIX = 'receipts:'

/** `migrations status`. */
export const migrationsStatus = defineCommand({
  name: 'migrations status',
  is_default: true,
  summary: 'Tell whether each source that is written has its receipts table.',
  details: 'Exits 1 where one is missing, or could not be asked for.',
  needs: 'runner',
  examples: ['migrations status'],
  async run({ runner: open }) {
    const runner = await open()
    const items = (await runner.ready()).flatMap(toItem)
    return {
      document: { items },
      render: (view) => render(items, view),
      exit_code: items.every(({ ok }) => ok) ? 0 : 1,
    }
  },
})

function toItem({ name, ok, code }: Readiness): readonly Item[] {
  if (!name.startsWith(PREFIX)) return []
  return [{ source: name.slice(PREFIX.length), ok, ...(code === undefined ? {} : { code }) }]
}

function render(items: readonly Item[], { columns, paint }: View): string {
  if (items.length === 0) return 'No source of the contract needs a receipts table.'
  const table = renderTable(
    items,
    [
      { title: 'SOURCE', value: ({ source }) => source },
      {
        title: 'RECEIPTS TABLE',
        value: stateOf,
        paint: (cell, { ok }) => (ok ? paint.green(cell) : paint.red(cell)),
      },
    ],
    columns,
  )
  const isMissing = items.some(({ code }) => code === 'RECEIPTS_MISSING')
  return isMissing ? `${table}\n\n${HOW}` : table
}

function stateOf({ ok, code }: Item): string {
  if (ok) return 'in place'
  return code === 'RECEIPTS_MISSING' ? 'missing' : `not known (${code})`
}

const HOW = 'Create what is missing with migrations apply, or run the SQL of migrations print yourself.'
