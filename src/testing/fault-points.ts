import type { FaultPoint } from '../drivers/driver.js'

/**
 * Every moment of an update at which a driver calls the `fault` of its options, in the order of most engines. Have it
 * cut the connection or end the process at each in turn, apply again, and see that the row was changed exactly once.
 */
export const faultPoints = [
  'connected',
  'begun',
  'row_updated',
  'receipt_written',
  'commit_sent',
  'committed',
] as const satisfies readonly FaultPoint[]
