import type { AdapterView } from '../../../index.js'
import { defineCommand } from '../../command.js'
import { count } from '../../text/lines.js'
import { renderPage } from '../../text/page.js'
import type { Column } from '../../text/table.js'

/** `adapters list`. */
export const adaptersList = defineCommand({
  name: 'adapters list',
  is_default: true,
  summary: 'List what the contract shows to each framework.',
  needs: 'runner',
  examples: ['adapters list'],
  async run({ runner }) {
    const { adapters } = await runner()
    const page = { items: adapters(), next_cursor: null }
    const none = 'The contract names no adapter: every framework is shown all that the mode allows.'
    return { document: page, render: (view) => renderPage(page, COLUMNS, { none, view }) }
  },
})

const COLUMNS: readonly Column<AdapterView>[] = [
  { title: 'ADAPTER', value: ({ name }) => name },
  { title: 'TYPE', value: ({ type }) => type },
  { title: 'SHOWS', value: ({ tools }) => count(tools.length, 'tool') },
  { title: 'TOOLS', value: ({ tools }) => tools.map(({ name }) => name).join(', '), narrow: 'cut' },
]
