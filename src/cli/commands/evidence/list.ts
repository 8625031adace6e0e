import type { Evidence } from '../../../index.js'
import { defineCommand, type View } from '../../command.js'
import { READ_OPTIONS, readFilter } from '../../read-filter.js'
import { renderPage } from '../../text/page.js'
import type { Column } from '../../text/table.js'
import { age } from '../../text/time.js'

/** `evidence list`, and `evidence` alone. */
export const evidenceList = defineCommand({
  name: 'evidence list',
  is_default: true,
  summary: 'List what was read, the newest first.',
  needs: 'runner',
  options: READ_OPTIONS,
  examples: ['evidence list', 'evidence list --tenant acme --capability billing.inspect_invoice'],
  async run(call) {
    const filter = readFilter(call.options)
    const runner = await call.runner()
    const page = await runner.evidence.list(filter)
    return {
      document: page,
      render: (view) => renderPage(page, columnsOf(view), { none: 'Nothing of this was read.', view }),
    }
  },
})

function columnsOf({ now }: View): readonly Column<Evidence>[] {
  return [
    { title: 'EVIDENCE', value: ({ bundle_id }) => bundle_id },
    { title: 'AGE', value: ({ captured_at }) => age(captured_at, now), align: 'right' },
    {
      title: 'ROWS',
      value: ({ row_count, truncated }) => `${row_count}${truncated ? '+' : ''}`,
      align: 'right',
    },
    { title: 'CAPABILITY', value: ({ capability }) => capability, narrow: 'cut' },
    { title: 'READ BY', value: ({ context }) => context.principal, narrow: 'cut' },
    { title: 'TENANT', value: ({ context }) => context.tenant_id, narrow: 'drop' },
    { title: 'RUN', value: ({ run_id }) => run_id ?? '', narrow: 'drop' },
  ]
}
