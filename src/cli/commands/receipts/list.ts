import type { Receipt } from '../../../index.js'
import { type Call, defineCommand, type View } from '../../command.js'
import { given } from '../../given.js'
import { PAGING } from '../../list-options.js'
import { choice, text } from '../../options.js'
import { renderPage } from '../../text/page.js'
import { isDone } from '../../text/receipt.js'
import type { Column } from '../../text/table.js'
import { age } from '../../text/time.js'
import { usageError } from '../../usage-error.js'

const OPTIONS = {
  tenant: text('--tenant <id>', 'Only of this tenant.'),
  status: choice('--status <status>', 'Only these. Needs --tenant.', [
    'applied',
    'already_applied',
    'conflict',
    'failed',
  ]),
  ...PAGING,
}

/** `receipts list`, and `receipts` alone. */
export const receiptsList = defineCommand({
  name: 'receipts list',
  is_default: true,
  summary: 'List what became of approved changes, the newest first.',
  needs: 'runner',
  options: OPTIONS,
  examples: ['receipts list', 'receipts list --tenant acme --status conflict'],
  async run(call) {
    const filter = filterOf(call)
    const runner = await call.runner()
    const page = await runner.receipts.list(filter)
    return {
      document: page,
      render: (view) => renderPage(page, columnsOf(view), { none: 'There are no such receipts.', view }),
    }
  },
})

function filterOf({ options: { tenant, status, limit, cursor } }: Call<typeof OPTIONS>) {
  if (status !== undefined && tenant === undefined) {
    throw usageError('--status only narrows what is listed of one tenant.', 'Give --tenant <id> as well.')
  }
  return given({ tenant_id: tenant, status, limit, cursor })
}

function columnsOf({ now, paint }: View): readonly Column<Receipt>[] {
  return [
    { title: 'RECEIPT', value: ({ receipt_id }) => receipt_id },
    {
      title: 'STATUS',
      value: ({ status }) => status,
      paint: (cell, receipt) => (isDone(receipt) ? paint.green(cell) : paint.yellow(cell)),
    },
    { title: 'AGE', value: ({ executed_at }) => age(executed_at, now), align: 'right' },
    { title: 'ROWS', value: ({ rows_affected }) => String(rows_affected), align: 'right' },
    { title: 'REASON', value: ({ safe_error_code }) => safe_error_code ?? '', narrow: 'cut' },
    { title: 'PROPOSAL', value: ({ proposal_id }) => proposal_id, narrow: 'drop' },
  ]
}
