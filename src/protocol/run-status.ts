/** Statuses of a run, in the order in which it passes them. Apart from the schemas, so that lists of choices load none. */
export const RUN_STATUSES = [
  'running',
  'waiting_approval',
  'waiting_information',
  'waiting_external',
  'waiting_apply',
  'completed',
  'rejected',
  'conflict',
  'failed',
  'expired',
  'canceled',
] as const

export type RunStatus = (typeof RUN_STATUSES)[number]

/** Statuses in which a run has ended. */
export type RunEnd = Extract<RunStatus, 'completed' | 'rejected' | 'conflict' | 'failed' | 'expired' | 'canceled'>

export const RUN_ENDS = [
  'completed',
  'rejected',
  'conflict',
  'failed',
  'expired',
  'canceled',
] as const satisfies readonly RunEnd[]
