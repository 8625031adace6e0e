import * as z from 'zod'
import { once } from '../protocol/once.js'
import { argumentSchema, scalar } from './argument-schema.js'
import { capabilityName, identifier, personName, text } from './names.js'

/** Days that a run may take, unless the workflow says otherwise. */
const MONTH_IN_SECONDS = 30 * 24 * 60 * 60
const YEAR_IN_SECONDS = 365 * 24 * 60 * 60

const inputSchema = once(() => z.record(identifier(), argumentSchema()))

/** Where one value comes from. */
const valueSchema = once(() =>
  z.union([
    z.strictObject({ from_input: identifier().describe('An input of the workflow.') }),
    z.strictObject({
      from_step: identifier().describe('An earlier step.'),
      field: identifier().describe('What that step gave.'),
    }),
    z.strictObject({ fixed: scalar().describe('The reviewed value itself.') }),
  ]),
)

/** A value, and what it is held against: exactly one comparison. */
const conditionSchema = once(() =>
  z.strictObject({
    from_input: identifier().exactOptional().describe('An input of the workflow.'),
    from_step: identifier().exactOptional().describe('An earlier step.'),
    field: identifier().exactOptional().describe('What that step gave.'),
    equals: scalar().exactOptional().describe('Holds for this value exactly.'),
    not_equals: scalar().exactOptional().describe('Holds for every other value.'),
    one_of: z.array(scalar()).min(1).max(1000).exactOptional().describe('Holds for these values.'),
    at_least: z.number().exactOptional().describe('Holds for a number that is not less.'),
    at_most: z.number().exactOptional().describe('Holds for a number that is not greater.'),
  }),
)

/** One step. Exactly one of `capability`, `await`, `apply` and `when` alone says what it is. */
const stepSchema = once(() =>
  z.strictObject({
    key: identifier().describe('Its name, unique in the workflow.'),
    capability: capabilityName().exactOptional().describe('The capability that is called.'),
    args: z
      .record(identifier(), valueSchema())
      .exactOptional()
      .describe('Where each argument of the capability comes from.'),
    await: z
      .enum(['approval', 'information', 'external'])
      .exactOptional()
      .describe('What is waited for: a decision, an answer of the caller, or an event that the app tells.'),
    of: identifier().exactOptional().describe('The step whose proposal is decided.'),
    question: text().exactOptional().describe('What the caller is asked.'),
    input: inputSchema().exactOptional().describe('What the caller answers, or the app tells, with.'),
    apply: identifier()
      .exactOptional()
      .describe('The step whose proposal is to be applied: waits for the operator, and writes nothing by itself.'),
    when: conditionSchema()
      .exactOptional()
      .describe('The step is left out unless this holds. Alone, it records whether it does, as `holds`.'),
  }),
)

const approvalByRisk = once(() =>
  z.strictObject({
    on_risk: z.enum(['low', 'medium', 'high']).describe('The risk of the capability that proposes.'),
    required_role: personName().exactOptional().describe('The role that an approver needs in a run.'),
    required_approvals: z.int().min(1).max(100).exactOptional().describe('How many people must approve in a run.'),
  }),
)

/** What a run may do, in which steps. */
export const workflowSchema = once(() =>
  z.strictObject({
    name: capabilityName().describe('`namespace.name`, unique among workflows and capabilities.'),
    version: z.string().min(1).max(64).describe('A label of yours, kept with each run.'),
    description: text().exactOptional().describe('Text for the model.'),
    input: inputSchema().prefault({}).describe('What the caller may give.'),
    session_require: z
      .array(z.enum(['tenant_id', 'principal', 'on_behalf_of']))
      .exactOptional()
      .describe('What a session must be bound to.'),
    allowed_capabilities: z.array(capabilityName()).min(1).max(1000).describe('A run can call nothing else.'),
    evidence: z.literal('required').exactOptional().describe('A proposal needs a read of the same run before it.'),
    approvals: z
      .array(approvalByRisk())
      .exactOptional()
      .describe('What the risk of a capability asks for in a run, beyond what the capability asks for.'),
    expires_in_seconds: z
      .number()
      .int()
      .min(1)
      .max(YEAR_IN_SECONDS)
      .default(MONTH_IN_SECONDS)
      .describe('How long a run may take. Thirty days unless said otherwise.'),
    retention: z
      .strictObject({
        runs_days: z.int().min(1).exactOptional().describe('Days after which a finished run may be erased.'),
        evidence_days: z.int().min(1).exactOptional().describe('Days after which its evidence may be erased.'),
      })
      .exactOptional()
      .describe('How long records are kept, for whoever prunes the ledger.'),
    steps: z
      .array(stepSchema())
      .min(1)
      .max(200)
      .exactOptional()
      .describe('The steps, in order. Left out, the workflow is a function of the app, unless it is `linked`.'),
    linked: z
      .literal(true)
      .exactOptional()
      .describe('A framework makes the calls, and names the run and a step key with each: no steps, no function.'),
  }),
)
