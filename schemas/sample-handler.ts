import { buildHandlerRequest } from '../src/executors/handler-request.js'
import { digest } from '../src/protocol/canonical.js'
import type { HandlerAnswer, HandlerRequest } from '../src/protocol/handler.js'
import type { ProposalState } from '../src/protocol/state.js'

/** What an app is sent that performs the change of the samples, once Dana has approved it. */
export function sampleHandlerRequest({ frozen, hash }: Pick<ProposalState, 'frozen' | 'hash'>): HandlerRequest {
  const dana = {
    approver: 'dana',
    roles: ['billing_lead'],
    decision: 'approved',
    decided_at: '2030-03-04T09:19:05.000Z',
    entry_hash: digest('sample.entry', 'dana'),
  } as const
  return buildHandlerRequest({ frozen, hash, decisions: [dana] }, { executor: 'billing_app', purpose: 'perform' })
}

/** What it answers. */
export const sampleHandlerAnswer: HandlerAnswer = {
  status: 'applied',
  rows_affected: 2,
  new_version: '2030-03-04 09:20:31.398512+00',
  new_object_id: 'CR-81',
  source_database_mutated: true,
  key_settled: true,
  details: { credited: true },
}
