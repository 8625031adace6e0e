import type { ColumnValue, Driver, GuardedUpdate, ReceiptClaim, UpdateOutcome } from '../drivers/driver.js'
import type { FrozenProposal } from '../protocol/proposal.js'
import type { TypedRow } from '../protocol/values.js'
import type { TableInfo, TableRef } from '../sql/dialect.js'

export interface SqlApply {
  readonly driver: Driver
  readonly frozen: FrozenProposal
  /** As described now; its fingerprint is the frozen one. */
  readonly table: TableInfo
  readonly receipt: ReceiptClaim | null
  readonly dry_run: boolean
  /** Until when the change may be carried out, and the clock that tells. Absent for a rehearsal. */
  readonly deadline?: { readonly not_after: Date; readonly now: () => Date }
}

/** Performs the frozen change through the writer credential of its source, guarded by everything that was reviewed. */
export function applyBySql({ driver, frozen, table, receipt, dry_run, deadline }: SqlApply): Promise<UpdateOutcome> {
  const { target, conflict_guard: guard } = frozen
  const update: GuardedUpdate = {
    receipt,
    table,
    key: { column: target.primary_key.column, value: target.primary_key.value },
    tenant: target.tenant_guard,
    before: columnValues(guard.kind === 'row' ? { ...guard.reviewed, ...frozen.before } : frozen.before),
    after: columnValues(frozen.after),
    version:
      guard.kind === 'row' ? null : { column: guard.column, expected: guard.expected_value, advance: guard.advance },
    dry_run,
    ...deadline,
  }
  return driver.update(update)
}

/** The table that a frozen proposal or a capability is about, as the contract named it. */
export function tableRef({ target: { schema, table } }: Targeted): TableRef {
  return schema === undefined ? { table } : { schema, table }
}

interface Targeted {
  readonly target: { readonly schema?: string | undefined; readonly table: string }
}

function columnValues(row: TypedRow): readonly ColumnValue[] {
  return Object.entries(row).map(([column, value]) => ({ column, value }))
}
