import type { Migration } from '../../../index.js'
import { defineCommand } from '../../command.js'
import { assertSource } from '../../source-name.js'
import { escapeLines } from '../../text/lines.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `migrations print`. */
export const migrationsPrint = defineCommand({
  name: 'migrations print',
  summary: 'Print the SQL of the receipts tables and of the grants, for you to read and run.',
  details: 'Opens no database. Role names come from the URLs in the environment, as far as they are set.',
  needs: 'runner',
  args: [{ name: 'source', summary: 'A source of the contract. Default: all of them.', optional: true }],
  examples: ['migrations print', 'migrations print shop > receipts.sql'],
  async run({ args, runner: open }) {
    const runner = await open()
    if (args.source !== undefined) assertSource(runner, args.source)
    const items = runner.migrations().filter(({ source }) => args.source === undefined || source === args.source)
    return {
      document: { items },
      render: () => (items.length === 0 ? '-- Nothing has to be run.' : items.map(render).join('\n\n')),
    }
  },
})

const TITLES: Readonly<Record<Migration['kind'], string>> = {
  receipts: 'the receipts table',
  grants: 'what the reader and the writer may do',
}

function render({ source, kind, sql }: Migration): string {
  return `-- ${escapeUntrusted(source)}: ${TITLES[kind]}\n${escapeLines(sql).trimEnd()}`
}
