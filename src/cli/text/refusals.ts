import type { RefusalCount } from '../../index.js'
import type { View } from '../command.js'
import { renderTable } from './table.js'

/** Refused calls by the minute. */
export function renderRefusals(refusals: readonly RefusalCount[], { columns, paint }: View): string {
  if (refusals.length === 0) return 'No call was refused.'
  const table = renderTable(
    refusals,
    [
      { title: 'MINUTE', value: ({ minute }) => minute },
      { title: 'TIMES', value: ({ count }) => String(count), align: 'right' },
      { title: 'CODE', value: ({ code }) => code },
      { title: 'CAPABILITY', value: ({ capability }) => capability, narrow: 'cut' },
      { title: 'TENANT', value: ({ tenant_id }) => tenant_id, narrow: 'cut' },
    ],
    columns,
  )
  return `${paint.bold('Refused')}\n${table}`
}
