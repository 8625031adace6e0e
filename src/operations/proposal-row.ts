import { RunnerError } from '../errors.js'
import { tableRef } from '../executors/sql.js'
import type { FrozenProposal } from '../protocol/proposal.js'
import type { TypedRow } from '../protocol/values.js'
import type { ScopedRead } from '../sql/dialect.js'
import type { Source } from './ports.js'

/** What must still be true of the row: what was frozen of it when the change was proposed. */
export function expectedRow({ conflict_guard: guard, before }: FrozenProposal): TypedRow {
  return guard.kind === 'column'
    ? { ...before, [guard.column]: guard.expected_value }
    : { ...guard.reviewed, ...before }
}

/** A read of the row that a proposal is about, for its tenant alone. */
export interface RowRead {
  readonly read: ScopedRead
  /** `undefined` where no row can be meant. */
  readonly values: readonly (string | null)[] | undefined
}

/**
 * Plans a read of `columns` of the row, on the table as it is now.
 *
 * @throws RunnerError `SCHEMA_DRIFT`, `SOURCE_*`.
 */
export async function planRowRead(source: Source, frozen: FrozenProposal, columns: Iterable<string>): Promise<RowRead> {
  const { target } = frozen
  const table = await source.driver.describe(tableRef(frozen), { fresh: true })
  const column = (name: string) => {
    const found = table.columns.get(name)
    if (found === undefined) throw new RunnerError('SCHEMA_DRIFT', `Table ${target.table} has no column ${name}.`)
    return found
  }
  const key = column(target.primary_key.column)
  const tenant = target.tenant_guard === null ? undefined : column(target.tenant_guard.column)
  const read = source.driver.dialect.scopedRead({
    table: table.ref,
    columns: [...new Set([target.primary_key.column, ...columns])].map(column),
    key,
    ...(tenant === undefined ? {} : { tenant }),
    order_by: key,
    limit: 1,
  })
  const values = read.bind({
    key: target.primary_key.value.text ?? '',
    ...(target.tenant_guard === null ? {} : { tenant: target.tenant_guard.value.text ?? '' }),
  })
  return { read, values }
}
