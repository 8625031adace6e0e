import * as z from 'zod'
import { once } from '../protocol/once.js'
import { approvalSchema } from './approval-schema.js'
import { argumentSchema, scalar } from './argument-schema.js'
import { writebackSchema } from './executor-schema.js'
import { capabilityName, identifier, partName, text } from './names.js'
import { boundSchema, conflictGuardSchema, patchValueSchema, transitionSchema } from './patch-schema.js'

/** Days that a proposal waits for its decision, unless the capability says otherwise. */
const WEEK_IN_SECONDS = 7 * 24 * 60 * 60
const YEAR_IN_SECONDS = 365 * 24 * 60 * 60

/** The most rows a list may return. */
export const MAX_LIST_ROWS = 1000

const targetSchema = once(() =>
  z.strictObject({
    schema: identifier()
      .exactOptional()
      .describe(
        'Schema of the table: `public` on PostgreSQL unless said otherwise; on MySQL the database, that of the connection unless said otherwise. SQLite has none.',
      ),
    table: identifier().describe('The one table.'),
    primary_key: identifier().describe('The column that names one row. One column, unique.'),
    tenant_key: identifier()
      .exactOptional()
      .describe('The column that holds the tenant. Every statement is bound to it. Needed unless `single_tenant_dev`.'),
    single_tenant_dev: z
      .boolean()
      .default(false)
      .describe('True: the table has no tenant column. For development; the validator warns.'),
  }),
)

const lookupSchema = once(() =>
  z.strictObject({ id_from_arg: identifier().describe('The argument that carries the primary key.') }),
)

const columns = () => z.array(identifier()).min(1).max(500)

const common = () => ({
  name: capabilityName().describe('`namespace.name`, unique in the contract.'),
  description: text().exactOptional().describe('Text for the model. Left out, one is generated.'),
  returns_hint: text().exactOptional().describe('What the model gets back, in words.'),
  source: partName().describe('Name of the source.'),
  context: partName().exactOptional().describe('Name of the context; left out, `trusted_context`.'),
  target: targetSchema().describe('The table and the columns that bind a statement to one tenant and one row.'),
  args: z.record(identifier(), argumentSchema()).prefault({}).describe('The arguments that the model may give.'),
  visible_columns: columns().describe('The only columns that are read into results and evidence.'),
  untrusted_columns: z
    .array(identifier())
    .exactOptional()
    .describe('Visible columns with free text that outsiders wrote; marked as data for the model.'),
  evidence: z
    .enum(['required', 'optional'])
    .default('required')
    .describe('Evidence is recorded for every call either way.'),
  examples: z.array(z.record(z.string(), scalar())).exactOptional().describe('Sample arguments, each a whole call.'),
})

const readSchema = once(() =>
  z.strictObject({
    kind: z.literal('read').describe('Reads, and leaves evidence.'),
    ...common(),
    lookup: lookupSchema()
      .exactOptional()
      .describe('How one row is found. Left out, the capability is a bounded list.'),
    max_rows: z
      .number()
      .int()
      .min(1)
      .max(MAX_LIST_ROWS)
      .default(1)
      .describe('1 with `lookup`. A list must say it: 1 to 1000 rows.'),
    writeback: writebackSchema().exactOptional().describe('A read writes nothing; only `none` is accepted.'),
  }),
)

const proposalSchema = once(() =>
  z.strictObject({
    kind: z.literal('proposal').describe('Proposes one change of one row. It writes nothing.'),
    ...common(),
    lookup: lookupSchema().describe('How the row is found.'),
    max_rows: z.literal(1).default(1).describe('Always 1.'),
    patch: z
      .record(identifier(), patchValueSchema())
      .describe('New values by column. With an app-owned executor a key may be any field of the app.'),
    allowed_columns: columns().describe('The columns a patch may touch: never key, tenant or version column.'),
    numeric_bounds: z
      .record(identifier(), boundSchema())
      .exactOptional()
      .describe('Limits of patched numbers, checked when proposing and when applying.'),
    transition_guards: z
      .record(identifier(), transitionSchema())
      .exactOptional()
      .describe('Allowed changes of state, checked when proposing and when applying.'),
    conflict_guard: conflictGuardSchema().describe('How a stale row is noticed.'),
    approval: approvalSchema().prefault({}).describe('Who must approve.'),
    executor: partName().exactOptional().describe('Name of the executor; left out, direct SQL.'),
    writeback: writebackSchema().exactOptional().describe('Which way an approved change goes.'),
    expires_in_seconds: z
      .number()
      .int()
      .min(1)
      .max(YEAR_IN_SECONDS)
      .default(WEEK_IN_SECONDS)
      .describe('How long a proposal waits for its decision and its apply. Seven days unless said otherwise.'),
    risk: z
      .enum(['low', 'medium', 'high'])
      .exactOptional()
      .describe('How much depends on this change. `approvals` of a workflow refer to it.'),
    on_active_proposal: z
      .enum(['refuse', 'supersede', 'allow'])
      .default('refuse')
      .describe(
        'What happens while another proposal on the same object is active. An identical one is always the same.',
      ),
  }),
)

/** One reviewed business action. */
export const capabilitySchema = once(() => z.discriminatedUnion('kind', [readSchema(), proposalSchema()]))
