/**
 * For tests, yours and ours: a clock that stands still, a ledger in memory, the moments at which a driver can fail, and
 * the cases that every driver and every ledger must pass.
 *
 * @packageDocumentation
 */
export type {
  ColumnValue,
  Driver,
  DriverOptions,
  FailureCode,
  FaultPoint,
  GuardedUpdate,
  ReceiptClaim,
  StoredReceipt,
  UpdateOutcome,
} from '../drivers/driver.js'
export type {
  ColumnInfo,
  ColumnKind,
  ColumnText,
  Dialect,
  Engine,
  ReadShape,
  ScopedRead,
  TableInfo,
  TableProblem,
  TableRef,
} from '../sql/dialect.js'
export {
  type ColumnPurpose,
  type DriverCase,
  type DriverTraits,
  type DriverWorld,
  driverCases,
} from './driver-cases.js'
export { faultPoints } from './fault-points.js'
export { type FixedClock, fixedClock } from './fixed-clock.js'
export { type LedgerCase, type LedgerWorld, ledgerCases } from './ledger-cases.js'
export { memoryLedger } from './memory-ledger.js'
