/**
 * For tests, yours and ours: a clock that stands still, a ledger in memory, and the cases that every driver and every
 * ledger must pass.
 *
 * @packageDocumentation
 */
export { type FixedClock, fixedClock } from './fixed-clock.js'
export { memoryLedger } from './memory-ledger.js'
