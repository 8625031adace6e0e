/** What a person chose of one table: the answers from which a contract is built, as a document of its own. */
import * as z from 'zod'
import { scalar } from '../contract/argument-schema.js'
import {
  capabilityName,
  envName,
  filePath,
  identifier,
  milliseconds,
  partName,
  personName,
  text,
} from '../contract/names.js'
import { boundSchema, patchValueSchema, transitionSchema } from '../contract/patch-schema.js'
import { once } from '../protocol/once.js'
import type { DeepReadonly } from '../protocol/readonly.js'

/** Each at most once. */
function distinct<Element extends z.ZodType<string>>(element: Element) {
  return z.array(element).superRefine((values, context) => {
    values.forEach((value, place) => {
      if (values.indexOf(value) === place) return
      context.addIssue({ code: 'custom', path: [place], message: 'Name each column once.' })
    })
  })
}

const columns = () => distinct(identifier())

/** One argument by which a proposed value comes. */
const patchArgument = once(() =>
  z.strictObject({
    type: z.enum(['string', 'number', 'integer', 'boolean']).exactOptional(),
    required: z.boolean().exactOptional(),
    description: text().exactOptional(),
    max_length: z.number().int().min(1).max(1_000_000).exactOptional(),
    minimum: z.number().exactOptional(),
    maximum: z.number().exactOptional(),
    enum: z.array(scalar()).min(1).exactOptional(),
  }),
)

/** Names and texts of the two capabilities. */
const wording = () => ({
  namespace: identifier().describe('Before the dot of both capabilities: `billing`.'),
  object_name: identifier()
    .exactOptional()
    .describe('One row, in a word: `invoice`. Default: the table, in the singular.'),
  inspect_tool_name: capabilityName().exactOptional().describe('Default: `<namespace>.inspect_<object>`.'),
  proposal_tool_name: capabilityName().exactOptional().describe('Default: `<namespace>.propose_<object>_update`.'),
  read_tool: capabilityName().exactOptional().describe('As `inspect_tool_name`.'),
  proposal_tool: capabilityName().exactOptional().describe('As `proposal_tool_name`.'),
  inspect_description: text().exactOptional().describe('For the model. Left out, one is written.'),
  proposal_description: text().exactOptional().describe('For the model. Left out, one is written.'),
  inspect_returns_hint: text().exactOptional(),
  proposal_returns_hint: text().exactOptional(),
  lookup_arg: identifier().exactOptional().describe('The argument with the key. Default: `<object>_id`.'),
  result_format: z.literal([1, 2]).exactOptional().describe('Accepted and ignored: there is one envelope.'),
})

/** Where the database is, by names of variables: never by a URL. */
const place = () => ({
  source_name: partName().exactOptional().describe('Default: the namespace.'),
  read_url_env: envName().exactOptional().describe('Default: `SYNAPSOR_DATABASE_READ_URL`.'),
  database_url_env: envName().exactOptional().describe('As `read_url_env`.'),
  write_url_env: envName().exactOptional().describe('Default: `SYNAPSOR_DATABASE_WRITE_URL`, where SQL is written.'),
  path: filePath().exactOptional().describe('The file, for `sqlite`: relative to the contract.'),
  statement_timeout_ms: milliseconds().exactOptional(),
})

/** What may be proposed, within which limits. */
const change = () => ({
  conflict_column: identifier().exactOptional().describe('The version column: how a stale row is noticed.'),
  weak_guard_ack: z
    .boolean()
    .exactOptional()
    .describe('True where the table has no version column: every reviewed column is compared instead.'),
  allowed_columns: columns().exactOptional().describe('Default: the columns of `patch`.'),
  patch: z
    .record(identifier(), patchValueSchema())
    .exactOptional()
    .describe('Default: each allowed column by an argument of its own name.'),
  patch_args: z.record(identifier(), patchArgument()).exactOptional().describe('What is said of an argument.'),
  numeric_bounds: z.record(identifier(), boundSchema()).exactOptional(),
  transition_guards: z.record(identifier(), transitionSchema()).exactOptional(),
  writeback: z
    .enum(['direct_sql', 'http_handler', 'command_handler', 'none'])
    .exactOptional()
    .describe(
      'Who writes what was approved: the runner (default), an app over HTTP, a program, or nobody, in `shadow`.',
    ),
  handler_url_env: envName().exactOptional().describe('Default: `SYNAPSOR_HANDLER_URL`, for `http_handler`.'),
  handler_token_env: envName()
    .exactOptional()
    .describe('Its bearer token. Default: `SYNAPSOR_HANDLER_TOKEN`, for `http_handler`.'),
  handler_secret_env: envName()
    .exactOptional()
    .describe('What requests to it are signed with. Default: `SYNAPSOR_HANDLER_SECRET`, for `http_handler`.'),
  handler_command_env: envName()
    .exactOptional()
    .describe('Default: `SYNAPSOR_HANDLER_COMMAND`, for `command_handler`.'),
})

/** `synapsor.onboarding-selection.v1`. */
export const selectionSchema = once(() =>
  z.strictObject({
    version: z.literal(1).exactOptional(),
    engine: z.enum(['postgres', 'mysql', 'sqlite']),
    mode: z
      .enum(['read_only', 'shadow', 'review'])
      .exactOptional()
      .describe(
        'Default: `review` where something may be proposed, `shadow` where nobody writes it, else `read_only`.',
      ),
    ...place(),
    schema: identifier().exactOptional().describe('Needed unless the engine is `sqlite`, which has none.'),
    table: identifier(),
    primary_key: identifier(),
    tenant_key: identifier().exactOptional().describe('Needed unless `single_tenant_dev`.'),
    single_tenant_dev: z.boolean().exactOptional().describe('True: one tenant owns every row. For development.'),
    ...wording(),
    visible_columns: columns().min(1, { error: 'Name at least one column to show.' }),
    untrusted_columns: columns().exactOptional().describe('Visible columns with free text that outsiders wrote.'),
    ...change(),
    trusted_context: z
      .strictObject({ tenant_id_env: envName().exactOptional(), principal_env: envName().exactOptional() })
      .exactOptional()
      .describe('Default: `SYNAPSOR_TENANT_ID` and `SYNAPSOR_PRINCIPAL`.'),
    approval: z
      .strictObject({ required_role: personName().exactOptional() })
      .exactOptional()
      .describe('Default: the role `<namespace>_reviewer`.'),
    operators: z.array(personName()).exactOptional().describe('Who may decide. Each gets the required role.'),
    object_id: z.string().min(1).max(512).exactOptional().describe('Key of a real row, for a first call.'),
  }),
)

/** The answers of a person, or of a script. */
export type Selection = DeepReadonly<z.output<ReturnType<typeof selectionSchema>>>

/** Answers while they are still being gathered. */
export type PartialSelection = Partial<Selection>
