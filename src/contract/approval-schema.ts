import * as z from 'zod'
import { once } from '../protocol/once.js'
import { personName } from './names.js'

/** Who must agree before a proposal of one capability may be applied. */
export const approvalSchema = once(() =>
  z.strictObject({
    mode: z
      .enum(['human', 'operator', 'policy'])
      .default('human')
      .describe('Who decides: a person (`human`, `operator`). `policy` is accepted, and a person decides.'),
    required_role: personName().exactOptional().describe('The role that whoever approves must hold.'),
    required_approvals: z.number().int().min(1).max(10).default(1).describe('How many different people must approve.'),
    policy: personName().exactOptional().describe('Name of the policy, for `mode: policy`.'),
    separation_of_duties: z
      .boolean()
      .exactOptional()
      .describe('False lets the proposer approve; left out, that of `approvals`.'),
  }),
)

/** What holds for the approval of every capability. */
export const approvalsSchema = once(() =>
  z.strictObject({
    separation_of_duties: z.boolean().default(true).describe('Whether the proposer may not approve.'),
  }),
)

/** One person who may decide. */
export const operatorSchema = once(() =>
  z.strictObject({
    roles: z.array(personName()).describe('The roles this person holds.'),
  }),
)
