import { describe, expect, it } from 'vitest'
import { changed, found, parcelDesk } from './parcel-desk.js'

const READ = 'capabilities/0'
const LIST = 'capabilities/1'
const RELEASE = 'capabilities/2'
const PICKUP = 'capabilities/3'

type Rule = readonly [sentence: string, changes: Record<string, unknown>, problems: readonly string[]]

const target = { schema: 'public', table: 'parcels', primary_key: 'parcel_no', tenant_key: 'depot_id' }

const ERRORS: readonly Rule[] = [
  // shape
  ['an unknown key at the top', { workflow: [] }, ['UNKNOWN_KEY /workflow']],
  ['a key that enters with later work', { [`${RELEASE}/operation`]: 'update' }, [`UNKNOWN_KEY /${RELEASE}/operation`]],
  ['a key of another kind', { [`${READ}/patch`]: {} }, [`UNKNOWN_KEY /${READ}/patch`]],
  ['a missing version', { version: undefined }, ['MISSING_KEY /version']],
  ['another version', { version: 2 }, ['INVALID_VALUE /version']],
  ['another mode', { mode: 'write' }, ['INVALID_VALUE /mode']],
  [
    'missing sources',
    { sources: undefined },
    ['MISSING_KEY /sources', ...[0, 1, 2, 3].map((n) => `UNKNOWN_REFERENCE /capabilities/${n}/source`)],
  ],
  ['a missing guard', { [`${RELEASE}/conflict_guard`]: undefined }, [`MISSING_KEY /${RELEASE}/conflict_guard`]],
  ['a missing patch', { [`${RELEASE}/patch`]: undefined }, [`MISSING_KEY /${RELEASE}/patch`]],
  ['a missing lookup of a proposal', { [`${PICKUP}/lookup`]: undefined }, [`MISSING_KEY /${PICKUP}/lookup`]],
  [
    'a text for a number',
    { 'sources/depot/statement_timeout_ms': '3000' },
    ['INVALID_TYPE /sources/depot/statement_timeout_ms'],
  ],
  [
    'a timeout of nothing',
    { 'executors/courier_app/timeout_ms': 0 },
    ['INVALID_VALUE /executors/courier_app/timeout_ms'],
  ],
  [
    'a patched value of two kinds',
    { [`${PICKUP}/patch/rowid`]: { fixed: 1, from_arg: 'window' } },
    [`UNKNOWN_KEY /${PICKUP}/patch/rowid/fixed`],
  ],
  [
    'a patched value that is an object',
    { [`${PICKUP}/patch/rowid`]: { fixed: {} } },
    [`INVALID_TYPE /${PICKUP}/patch/rowid/fixed`],
  ],
  [
    'an operator key for signing',
    { 'operators/mira/public_key_env': 'X' },
    ['UNKNOWN_KEY /operators/mira/public_key_env'],
  ],
  [
    'an eleventh approval',
    { [`${RELEASE}/approval/required_approvals`]: 11 },
    [`INVALID_VALUE /${RELEASE}/approval/required_approvals`],
  ],
  [
    'an environment name in small letters',
    { 'sources/depot/read_url_env': 'depot' },
    ['INVALID_VALUE /sources/depot/read_url_env'],
  ],
  ['a name of 64 letters', { [`${READ}/target/table`]: 'a'.repeat(64) }, [`INVALID_VALUE /${READ}/target/table`]],
  ['a capability without a namespace', { [`${READ}/name`]: 'inspect' }, [`INVALID_VALUE /${READ}/name`]],
  ['a read URL for SQLite', { 'sources/counter/read_url_env': 'X' }, ['UNKNOWN_KEY /sources/counter/read_url_env']],

  // mode
  ['cloud mode without a control plane', { mode: 'cloud' }, ['MISSING_KEY /cloud']],
  ['no capabilities', { capabilities: undefined }, ['MISSING_KEY /capabilities']],

  // refused everywhere
  ['SQL text', { [`${READ}/sql`]: 'select 1' }, [`REFUSED_KEY /${READ}/sql`]],
  ['SQL text in other spelling', { [`${READ}/rawSql`]: 'select 1' }, [`REFUSED_KEY /${READ}/rawSql`]],
  ['an inline URL', { 'sources/depot/connection_string': 'x' }, ['REFUSED_KEY /sources/depot/connection_string']],
  ['a key of a prototype', { [`${READ}/constructor`]: {} }, [`REFUSED_KEY /${READ}/constructor`]],
  [
    'a connection URL where a name belongs',
    { 'sources/depot/read_url_env': 'postgres://u:p@db/x' },
    ['INLINE_CREDENTIAL /sources/depot/read_url_env'],
  ],
  [
    'a password in a description',
    { [`${READ}/description`]: 'See https://me:secret@wiki.example/p.' },
    [`INLINE_CREDENTIAL /${READ}/description`],
  ],
  [
    'a connection string',
    { [`${PICKUP}/patch/rowid/fixed`]: 'host=db password=x' },
    [`INLINE_CREDENTIAL /${PICKUP}/patch/rowid/fixed`],
  ],
  [
    'a key of the client library',
    { 'sources/depot/ssl': { key: 'abc' } },
    ['INLINE_CREDENTIAL /sources/depot/ssl/key'],
  ],
  [
    'a credential as a key',
    { [`${RELEASE}/transition_guards/state/allowed`]: { 'mysql://a:b@c': ['released', 'returned'] } },
    [`INLINE_CREDENTIAL /${RELEASE}/transition_guards/state/allowed/mysql:~1~1a:b@c`],
  ],
  [
    'a trusted argument in snake_case',
    { [`${LIST}/args`]: { tenant_id: { type: 'string' } } },
    [`REFUSED_ARGUMENT /${LIST}/args/tenant_id`],
  ],
  [
    'a trusted argument in camelCase',
    { [`${LIST}/args`]: { expectedVersion: { type: 'string' } } },
    [`REFUSED_ARGUMENT /${LIST}/args/expectedVersion`],
  ],

  // names and references
  ['a capability name that is taken', { [`${LIST}/name`]: 'parcels.inspect_parcel' }, [`DUPLICATE_NAME /${LIST}/name`]],
  [
    'a wire name that is taken',
    { [`${READ}/name`]: 'parcels.a.b', [`${LIST}/name`]: 'parcels.a__b' },
    [`DUPLICATE_NAME /${LIST}/name`],
  ],
  ['an unknown source', { [`${READ}/source`]: 'depott' }, [`UNKNOWN_REFERENCE /${READ}/source`]],
  ['an unknown context', { [`${READ}/context`]: 'toString' }, [`UNKNOWN_REFERENCE /${READ}/context`]],
  ['an unknown executor', { [`${PICKUP}/executor`]: 'toString' }, [`UNKNOWN_REFERENCE /${PICKUP}/executor`]],
  [
    'an unknown executor of the writeback',
    { [`${PICKUP}/executor`]: undefined, [`${PICKUP}/writeback/executor`]: 'nobody' },
    [`UNKNOWN_REFERENCE /${PICKUP}/writeback/executor`],
  ],
  [
    'a role that is listed twice',
    { 'operators/mira/roles': ['dispatcher', 'dispatcher'] },
    ['DUPLICATE_NAME /operators/mira/roles/1'],
  ],

  // target
  [
    'a target without a tenant',
    { [`${READ}/target/tenant_key`]: undefined },
    [`TENANT_KEY_MISSING /${READ}/target/tenant_key`],
  ],
  [
    'a tenant column beside single_tenant_dev',
    { [`${READ}/target/single_tenant_dev`]: true },
    [`INVALID_VALUE /${READ}/target/single_tenant_dev`],
  ],
  ['a schema on SQLite', { [`${LIST}/target/schema`]: 'temp' }, [`INVALID_VALUE /${LIST}/target/schema`]],
  [
    'a schema of the database',
    { [`${READ}/target/schema`]: 'Information_Schema' },
    [`SYSTEM_OBJECT /${READ}/target/schema`],
  ],
  ['a temporary schema', { [`${READ}/target/schema`]: 'pg_temp_3' }, [`SYSTEM_OBJECT /${READ}/target/schema`]],
  ['a table of the database', { [`${LIST}/target/table`]: 'sqlite_master' }, [`SYSTEM_OBJECT /${LIST}/target/table`]],
  [
    'the receipts table',
    { [`${READ}/target/table`]: 'synapsor_writeback_receipts' },
    [`SYSTEM_OBJECT /${READ}/target/table`],
  ],
  [
    'a receipts table of another name',
    { 'sources/depot/receipts': { table: 'parcels' } },
    [READ, RELEASE, PICKUP].map((path) => `SYSTEM_OBJECT /${path}/target/table`),
  ],
  [
    'a system column as the key',
    { [`${READ}/target/primary_key`]: 'ctid' },
    [`SYSTEM_OBJECT /${READ}/target/primary_key`],
  ],
  [
    'a system column as the tenant',
    { [`${READ}/target/tenant_key`]: 'OID' },
    [`SYSTEM_OBJECT /${READ}/target/tenant_key`],
  ],
  [
    'the tenant column as the key',
    { [`${READ}/target/primary_key`]: 'depot_id' },
    [`INVALID_VALUE /${READ}/target/primary_key`],
  ],

  // source
  [
    'receipts in a table of the database',
    { 'sources/depot/receipts': { table: 'pg_class' } },
    ['SYSTEM_OBJECT /sources/depot/receipts/table'],
  ],
  [
    'receipts in a schema of the database',
    { 'sources/depot/receipts': { schema: 'mysql' } },
    ['SYSTEM_OBJECT /sources/depot/receipts/schema'],
  ],
  [
    'receipts in a schema of SQLite',
    { 'sources/counter/receipts': { schema: 'other' } },
    ['INVALID_VALUE /sources/counter/receipts/schema'],
  ],
  ['two ways to say TLS', { 'sources/depot/tls': {}, 'sources/depot/ssl': {} }, ['INVALID_VALUE /sources/depot/ssl']],
  [
    'a certificate that is not checked',
    { 'sources/depot/tls': { ca_env: 'CA', no_verify: true } },
    ['INVALID_VALUE /sources/depot/tls/no_verify'],
  ],
  ['a URL for a path', { 'sources/counter/path': 'file://counter.db' }, ['INVALID_VALUE /sources/counter/path']],

  // columns
  [
    'a column twice',
    { [`${LIST}/visible_columns`]: ['state', 'state'] },
    [`DUPLICATE_NAME /${LIST}/visible_columns/1`],
  ],
  [
    'a visible system column',
    { [`${LIST}/visible_columns`]: ['_rowid_'] },
    [`SYSTEM_OBJECT /${LIST}/visible_columns/0`],
  ],
  [
    'an untrusted column that is not visible',
    { [`${READ}/untrusted_columns`]: ['remarks'] },
    [`UNKNOWN_REFERENCE /${READ}/untrusted_columns/0`],
  ],
  [
    'a system column that is allowed',
    { [`${RELEASE}/allowed_columns/3`]: 'xmin' },
    [`SYSTEM_OBJECT /${RELEASE}/allowed_columns/3`],
  ],
  [
    'a system column that is patched',
    { [`${RELEASE}/patch/xmax`]: { fixed: 1 } },
    [`SYSTEM_OBJECT /${RELEASE}/patch/xmax`],
  ],
  [
    'a patched column that is not allowed',
    { [`${RELEASE}/patch/remark`]: { fixed: 'x' } },
    [`COLUMN_NOT_ALLOWED /${RELEASE}/patch/remark`],
  ],
  [
    'the key as an allowed column',
    { [`${RELEASE}/allowed_columns/3`]: 'parcel_no' },
    [`COLUMN_PROTECTED /${RELEASE}/allowed_columns/3`],
  ],
  [
    'the tenant as an allowed column, in other case',
    { [`${RELEASE}/allowed_columns/3`]: 'DEPOT_ID' },
    [`COLUMN_PROTECTED /${RELEASE}/allowed_columns/3`],
  ],
  [
    'the version as an allowed column',
    { [`${PICKUP}/allowed_columns/2`]: 'revision' },
    [`COLUMN_PROTECTED /${PICKUP}/allowed_columns/2`],
  ],
  [
    'the tenant as a patched column',
    { [`${RELEASE}/patch/depot_id`]: { fixed: 'x' } },
    [`COLUMN_PROTECTED /${RELEASE}/patch/depot_id`],
  ],

  // lookup
  ['a list of unsaid length', { [`${LIST}/max_rows`]: undefined }, [`MISSING_KEY /${LIST}/max_rows`]],
  ['a list of 1001 rows', { [`${LIST}/max_rows`]: 1001 }, [`INVALID_VALUE /${LIST}/max_rows`]],
  ['two rows for one key', { [`${READ}/max_rows`]: 2 }, [`INVALID_VALUE /${READ}/max_rows`]],
  ['two rows for one proposal', { [`${RELEASE}/max_rows`]: 2 }, [`INVALID_VALUE /${RELEASE}/max_rows`]],
  [
    'a lookup by an argument that is not there',
    { [`${READ}/lookup/id_from_arg`]: 'toString' },
    [`UNKNOWN_REFERENCE /${READ}/lookup/id_from_arg`],
  ],
  [
    'a lookup by an optional argument',
    { [`${RELEASE}/args/parcel_no/required`]: false },
    [`INVALID_VALUE /${RELEASE}/args/parcel_no/required`],
  ],
  [
    'a lookup by a boolean',
    { [`${PICKUP}/args/parcel_no`]: { type: 'boolean' } },
    [`INVALID_VALUE /${PICKUP}/lookup/id_from_arg`],
  ],

  // arguments
  [
    'a length of a number',
    { [`${RELEASE}/args/surcharge/max_length`]: 3 },
    [`INVALID_VALUE /${RELEASE}/args/surcharge/max_length`],
  ],
  ['a minimum of a text', { [`${PICKUP}/args/window/minimum`]: 3 }, [`INVALID_VALUE /${PICKUP}/args/window/minimum`]],
  [
    'a range that nothing fits',
    { [`${RELEASE}/args/surcharge/minimum`]: 901 },
    [`EMPTY_RANGE /${RELEASE}/args/surcharge/minimum`],
  ],
  [
    'an enumeration of another type',
    { [`${RELEASE}/args/next_state/enum/1`]: 7 },
    [`INVALID_TYPE /${RELEASE}/args/next_state/enum/1`],
  ],
  [
    'a value twice in an enumeration',
    { [`${RELEASE}/args/next_state/enum/1`]: 'released' },
    [`DUPLICATE_NAME /${RELEASE}/args/next_state/enum/1`],
  ],
  [
    'a pattern that does not compile',
    { [`${PICKUP}/args/window/pattern`]: '^(' },
    [`UNSAFE_PATTERN /${PICKUP}/args/window/pattern`],
  ],
  [
    'a pattern with nested repetitions',
    { [`${PICKUP}/args/window/pattern`]: '^(a+)+$' },
    [`UNSAFE_PATTERN /${PICKUP}/args/window/pattern`],
  ],

  // examples
  [
    'an example that lacks an argument',
    { [`${READ}/examples/0`]: {} },
    [`EXAMPLE_INVALID /${READ}/examples/0/parcel_no`],
  ],
  ['an example with an unknown argument', { [`${READ}/examples/0/no`]: 1 }, [`EXAMPLE_INVALID /${READ}/examples/0/no`]],
  [
    'an example of another type',
    { [`${READ}/examples/0/parcel_no`]: 7 },
    [`EXAMPLE_INVALID /${READ}/examples/0/parcel_no`],
  ],
  [
    'an example that does not match',
    { [`${READ}/examples/0/parcel_no`]: '77' },
    [`EXAMPLE_INVALID /${READ}/examples/0/parcel_no`],
  ],
  [
    'an example that is too long',
    { [`${READ}/examples/0/parcel_no`]: `P-${'7'.repeat(40)}` },
    [`EXAMPLE_INVALID /${READ}/examples/0/parcel_no`],
  ],
  [
    'an example below the range',
    { [`${RELEASE}/examples`]: [{ parcel_no: 'P', surcharge: -1, next_state: 'released' }] },
    [`EXAMPLE_INVALID /${RELEASE}/examples/0/surcharge`],
  ],
  [
    'an example above the range',
    { [`${RELEASE}/examples`]: [{ parcel_no: 'P', surcharge: 901, next_state: 'released' }] },
    [`EXAMPLE_INVALID /${RELEASE}/examples/0/surcharge`],
  ],
  [
    'an example with a fraction',
    { [`${RELEASE}/examples`]: [{ parcel_no: 'P', surcharge: 0.5, next_state: 'released' }] },
    [`EXAMPLE_INVALID /${RELEASE}/examples/0/surcharge`],
  ],
  [
    'an example outside the enumeration',
    { [`${RELEASE}/examples`]: [{ parcel_no: 'P', surcharge: 1, next_state: 'lost' }] },
    [`EXAMPLE_INVALID /${RELEASE}/examples/0/next_state`],
  ],

  // patch and limits
  ['an empty patch', { [`${PICKUP}/patch`]: {} }, [`INVALID_VALUE /${PICKUP}/patch`]],
  [
    'a patch from an argument that is not there',
    { [`${PICKUP}/patch/rowid`]: { from_arg: 'toString' } },
    [`UNKNOWN_REFERENCE /${PICKUP}/patch/rowid/from_arg`],
  ],
  [
    'a guard that guards nothing',
    { [`${PICKUP}/conflict_guard`]: {} },
    [`GUARD_MISSING /${PICKUP}/conflict_guard/column`],
  ],
  [
    'a system column as the version',
    { [`${PICKUP}/conflict_guard/column`]: 'xmin' },
    [`SYSTEM_OBJECT /${PICKUP}/conflict_guard/column`],
  ],
  [
    'a weak guard that moves',
    { [`${PICKUP}/conflict_guard`]: { weak_guard_ack: true, advance: 'integer' } },
    [`INVALID_VALUE /${PICKUP}/conflict_guard/advance`],
  ],
  [
    'a bound on a column that is not patched',
    { [`${RELEASE}/numeric_bounds/weight`]: { minimum: 1 } },
    [`LIMIT_WITHOUT_PATCH /${RELEASE}/numeric_bounds/weight`],
  ],
  [
    'a transition of a column that is not patched',
    { [`${RELEASE}/transition_guards/phase`]: { allowed: { a: ['b'] } } },
    [`LIMIT_WITHOUT_PATCH /${RELEASE}/transition_guards/phase`],
  ],
  [
    'bounds that nothing fits',
    { [`${RELEASE}/numeric_bounds/surcharge_cents/minimum`]: 901 },
    [`EMPTY_RANGE /${RELEASE}/numeric_bounds/surcharge_cents/minimum`],
  ],
  [
    'a bound without a limit',
    { [`${RELEASE}/numeric_bounds/surcharge_cents`]: {} },
    [`MISSING_KEY /${RELEASE}/numeric_bounds/surcharge_cents/minimum`],
  ],
  [
    'a bound on a boolean',
    { [`${RELEASE}/args/surcharge`]: { type: 'boolean' } },
    [`INVALID_VALUE /${RELEASE}/numeric_bounds/surcharge_cents`],
  ],
  [
    'a fixed value below its bound',
    { [`${RELEASE}/patch/held/fixed`]: -1 },
    [`OUT_OF_LIMITS /${RELEASE}/numeric_bounds/held`],
  ],
  [
    'a fixed value above its bound',
    { [`${RELEASE}/patch/held/fixed`]: '2.5', [`${RELEASE}/numeric_bounds/held`]: { maximum: 2 } },
    [`OUT_OF_LIMITS /${RELEASE}/numeric_bounds/held`],
  ],
  [
    'a fixed text under a bound',
    { [`${RELEASE}/patch/held/fixed`]: 'none' },
    [`OUT_OF_LIMITS /${RELEASE}/numeric_bounds/held`],
  ],
  [
    'transitions without a state',
    { [`${RELEASE}/transition_guards/state/allowed`]: {} },
    [`INVALID_VALUE /${RELEASE}/transition_guards/state/allowed`],
  ],
  [
    'a present state in a system column',
    { [`${RELEASE}/transition_guards/state/from_column`]: 'xmin' },
    [`SYSTEM_OBJECT /${RELEASE}/transition_guards/state/from_column`],
  ],
  [
    'a fixed state that nothing leads to',
    { [`${RELEASE}/patch/state`]: { fixed: 'lost' }, [`${RELEASE}/args/next_state`]: undefined },
    [`OUT_OF_LIMITS /${RELEASE}/transition_guards/state`],
  ],

  // writeback
  ['a read that writes', { [`${READ}/writeback`]: { mode: 'direct_sql' } }, [`INVALID_VALUE /${READ}/writeback/mode`]],
  [
    'two executors',
    { [`${PICKUP}/writeback/executor`]: 'in_process' },
    [`EXECUTOR_MISMATCH /${PICKUP}/writeback/executor`],
  ],
  [
    'an app handler without an executor',
    { [`${RELEASE}/writeback`]: { mode: 'app_handler' } },
    [`EXECUTOR_MISMATCH /${RELEASE}/writeback/mode`],
  ],
  [
    'an app handler by SQL',
    { [`${RELEASE}/writeback`]: { mode: 'app_handler', executor: 'plain' } },
    [`EXECUTOR_MISMATCH /${RELEASE}/writeback/mode`],
  ],
  [
    'direct SQL by the app',
    { [`${PICKUP}/writeback/mode`]: 'direct_sql' },
    [`EXECUTOR_MISMATCH /${PICKUP}/writeback/mode`],
  ],
  ['direct SQL to a read-only source', { 'sources/depot/read_only': true }, [`SOURCE_READ_ONLY /${RELEASE}/source`]],
]

const WARNINGS: readonly Rule[] = [
  [
    'an argument that nothing reads',
    { [`${LIST}/args`]: { note: { type: 'string' } } },
    [`UNUSED_ARGUMENT /${LIST}/args/note`],
  ],
  [
    'an argument of a proposal that nothing reads',
    { [`${PICKUP}/args/note`]: { type: 'string' } },
    [`UNUSED_ARGUMENT /${PICKUP}/args/note`],
  ],
  [
    'a lookup by a number',
    { [`${PICKUP}/args/parcel_no`]: { type: 'number' } },
    [`LOOKUP_NUMBER /${PICKUP}/args/parcel_no/type`],
  ],
  ['no reader', { 'sources/depot/read_url_env': undefined }, ['CONNECTION_UNNAMED /sources/depot/read_url_env']],
  ['no file', { 'sources/counter/path': undefined }, ['CONNECTION_UNNAMED /sources/counter/path']],
  ['no writer for direct SQL', { 'sources/depot/write_url_env': undefined }, [`CONNECTION_UNNAMED /${RELEASE}/source`]],
  [
    'a literal context',
    { 'contexts/desk': { provider: 'static_dev', values: { tenant_id: 'a', principal: 'b' } } },
    ['STATIC_CONTEXT /contexts/desk/provider'],
  ],
  [
    'a literal default context',
    { trusted_context: { provider: 'static_dev', values: { tenant_id: 'a', principal: 'b' } } },
    ['STATIC_CONTEXT /trusted_context/provider'],
  ],
  [
    'no tenant',
    { [`${READ}/target`]: { ...target, tenant_key: undefined, single_tenant_dev: true } },
    [`SINGLE_TENANT /${READ}/target/single_tenant_dev`],
  ],
  [
    'no version column',
    { [`${PICKUP}/conflict_guard`]: { weak_guard_ack: true } },
    [`WEAK_GUARD /${PICKUP}/conflict_guard/weak_guard_ack`],
  ],
  ['any certificate', { 'sources/depot/tls': { no_verify: true } }, ['TLS_NOT_VERIFIED /sources/depot/tls/no_verify']],
  [
    'any certificate, in older spelling',
    { 'sources/depot/ssl': { rejectUnauthorized: false } },
    ['TLS_NOT_VERIFIED /sources/depot/ssl/rejectUnauthorized'],
  ],
  [
    'a policy',
    { [`${PICKUP}/approval`]: { mode: 'policy', policy: 'small_ones' } },
    [`POLICY_NOT_EVALUATED /${PICKUP}/approval/mode`],
  ],
  [
    'a role that nobody holds',
    { [`${RELEASE}/approval/required_role`]: 'director' },
    [`APPROVAL_UNREACHABLE /${RELEASE}/approval/required_role`],
  ],
  [
    'more approvals than people',
    { [`${PICKUP}/approval`]: { required_approvals: 2 } },
    [`APPROVAL_UNREACHABLE /${PICKUP}/approval/required_approvals`],
  ],
  [
    'an unknown key of a lenient contract',
    { strict: false, extra: 1, [`${READ}/visable`]: 2 },
    [`UNKNOWN_KEY /${READ}/visable`, 'UNKNOWN_KEY /extra'],
  ],
]

describe('validateConfig', () => {
  it('accepts a contract with reads, a list, direct SQL and an app-owned executor', () => {
    expect(found(parcelDesk())).toEqual({ errors: [], warnings: [] })
  })

  it.each(ERRORS)('refuses %s', (_, changes, problems) => {
    expect(found(changed(changes)).errors.sort()).toEqual([...problems].sort())
  })

  it.each(WARNINGS)('warns of %s', (_, changes, problems) => {
    expect(found(changed(changes))).toEqual({ errors: [], warnings: [...problems] })
  })

  it('keeps refused keys errors in a lenient contract', () => {
    const { errors } = found(changed({ strict: false, [`${READ}/raw_sql`]: 'select 1' }))
    expect(errors).toEqual([`REFUSED_KEY /${READ}/raw_sql`])
  })

  it('lets a target leave its schema to the connection', () => {
    expect(found(changed({ [`${READ}/target/schema`]: undefined }))).toEqual({ errors: [], warnings: [] })
  })

  it.each(['shadow', 'read_only'])('asks for no writer in %s mode, where nothing is applied', (mode) => {
    expect(found(changed({ mode, 'sources/depot/write_url_env': undefined, 'sources/depot/read_only': true }))).toEqual(
      {
        errors: [],
        warnings: [],
      },
    )
  })

  it.each(['cloud_worker', 'none'])('asks for no writer where writeback is %s', (mode) => {
    const changes = { 'sources/depot/write_url_env': undefined, [`${RELEASE}/writeback`]: { mode } }
    expect(found(changed(changes))).toEqual({ errors: [], warnings: [] })
  })

  it('finds problems of shape and of meaning in one capability together', () => {
    const { errors } = found(
      changed({
        [`${RELEASE}/args/surcharge/maximum`]: 'much',
        [`${RELEASE}/patch/remark`]: { fixed: 'x' },
        [`${RELEASE}/visable`]: [],
        [`${RELEASE}/numeric_bounds/weight`]: { minimum: 1 },
        [`${LIST}/kind`]: 'reed',
        [`${LIST}/evidence`]: true,
        'sources/counter/engine': 'sqlight',
        'sources/counter/receipts': { authority: 'nobody' },
      }),
    )
    expect(errors.sort()).toEqual([
      `COLUMN_NOT_ALLOWED /${RELEASE}/patch/remark`,
      `INVALID_TYPE /${RELEASE}/args/surcharge/maximum`,
      `INVALID_VALUE /${LIST}/evidence`,
      `INVALID_VALUE /${LIST}/kind`,
      'INVALID_VALUE /sources/counter/engine',
      'INVALID_VALUE /sources/counter/receipts/authority',
      `LIMIT_WITHOUT_PATCH /${RELEASE}/numeric_bounds/weight`,
      `UNKNOWN_KEY /${RELEASE}/visable`,
    ])
  })
})
