import { type ErrorShape, isRunnerError } from '../../../errors.js'
import type { Runner } from '../../../index.js'
import { type Call, defineCommand, type View } from '../../command.js'
import { agreed } from '../../decider.js'
import { flag } from '../../options.js'
import { assertSource } from '../../source-name.js'
import { renderTable } from '../../text/table.js'
import { escapeUntrusted } from '../../untrusted-text.js'
import { usageError } from '../../usage-error.js'

const OPTIONS = {
  all: flag('--all', 'Every source that holds receipts.'),
  yes: flag('-y, --yes', 'Do not ask.'),
}

/** What became of one source. */
interface Item {
  readonly source: string
  readonly ok: boolean
  readonly error?: ErrorShape
}

/** `migrations apply`. */
export const migrationsApply = defineCommand({
  name: 'migrations apply',
  summary: 'Create the receipts table of a source, through its writer credential.',
  details: 'Safe to run again. Grants are for you to run: migrations print shows them.',
  needs: 'runner',
  args: [{ name: 'source', summary: 'A source of the contract.', optional: true }],
  options: OPTIONS,
  examples: ['migrations apply shop', 'migrations apply --all --yes'],
  async run(call, io) {
    const { yes = false, all } = call.options
    assertOneTarget(call)
    const runner = await call.runner()
    const sources = sourcesOf(runner, call.args.source)
    if (sources.length === 0) return { document: { items: [] }, render: () => 'No source of the contract needs one.' }
    const question = escapeUntrusted(`Create the receipts table in ${sources.join(', ')}?`)
    const next = 'Look at the SQL with migrations print, then give --yes.'
    if (!(await agreed(question, { yes, json: call.json, io, next }))) {
      return { document: { items: [] }, render: () => 'Nothing was created.', exit_code: 1 }
    }
    const items: Item[] = []
    for (const source of sources)
      items.push(all === true ? await tryOne(runner, source) : await createOne(runner, source))
    return {
      document: { items },
      render: (view) => render(items, view),
      exit_code: items.every(({ ok }) => ok) ? 0 : 1,
    }
  },
})

function assertOneTarget({ args: { source }, options: { all } }: Call<typeof OPTIONS>): void {
  if ((source === undefined) !== (all !== true)) return
  throw usageError('It takes one source, or --all.', 'Give one of them.')
}

function sourcesOf(runner: Runner, source: string | undefined): readonly string[] {
  if (source !== undefined) {
    assertSource(runner, source)
    return [source]
  }
  return runner.migrations().flatMap(({ source: name, kind }) => (kind === 'receipts' ? [name] : []))
}

async function createOne(runner: Runner, source: string): Promise<Item> {
  await runner.migrate(source)
  return { source, ok: true }
}

/** One that fails does not keep the others from it. */
async function tryOne(runner: Runner, source: string): Promise<Item> {
  try {
    return await createOne(runner, source)
  } catch (error) {
    if (isRunnerError(error)) return { source, ok: false, error: error.toJSON() }
    throw error
  }
}

function render(items: readonly Item[], { columns, paint }: View): string {
  return renderTable(
    items,
    [
      { title: 'SOURCE', value: ({ source }) => source },
      {
        title: 'RECEIPTS TABLE',
        value: ({ error }) => error?.code ?? 'in place',
        paint: (cell, { ok }) => (ok ? paint.green(cell) : paint.red(cell)),
      },
      { title: 'WHAT NOW', value: ({ error }) => error?.next ?? '', narrow: 'cut' },
    ],
    columns,
  )
}
