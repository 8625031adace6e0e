import type { ToolDefinition } from '../../../index.js'
import { defineCommand } from '../../command.js'
import { text } from '../../options.js'
import { renderPage } from '../../text/page.js'
import type { Column } from '../../text/table.js'
import { toolsOf } from '../../tools/toolset.js'

/** `tools list`. */
export const toolsList = defineCommand({
  name: 'tools list',
  is_default: true,
  summary: 'List the tools that an agent is given.',
  details: 'Touches no database. The wire name is the one that most models see, since few providers take dots.',
  needs: 'runner',
  options: {
    adapter: text('--adapter <name>', 'What this adapter of the contract shows. Default: all that the mode allows.'),
  },
  examples: ['tools list', 'tools list --adapter mcp.support_agent'],
  async run({ options, runner }) {
    const tools = toolsOf(await runner(), options.adapter)
    const items = tools.map(({ name, wire_name, kind, title, capability }) => ({
      name,
      wire_name,
      kind,
      title,
      capability: capability ?? null,
    }))
    const page = { items, next_cursor: null }
    return {
      document: page,
      render: (view) =>
        renderPage(page, COLUMNS, { none: 'No tool is shown: the mode or the adapter allows none.', view }),
    }
  },
})

const COLUMNS: readonly Column<Pick<ToolDefinition, 'name' | 'wire_name' | 'kind' | 'title'>>[] = [
  { title: 'TOOL', value: ({ name }) => name },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'WIRE NAME', value: ({ wire_name }) => wire_name, narrow: 'drop' },
  { title: 'TITLE', value: ({ title }) => title, narrow: 'drop' },
]
