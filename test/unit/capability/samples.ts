import type { ArgumentRule } from '../../../src/capability/arguments.js'
import type { Capability, ChangeRules } from '../../../src/capability/capability.js'
import type { ColumnInfo, TableInfo } from '../../../src/protocol/table.js'
import type { TypedText } from '../../../src/protocol/values.js'

/** A required text without further limits, and what a test changes of it. */
export function rule(change: Partial<ArgumentRule> = {}): ArgumentRule {
  return {
    type: 'string',
    required: true,
    description: undefined,
    max_length: undefined,
    minimum: undefined,
    maximum: undefined,
    enum: undefined,
    pattern: undefined,
    ...change,
  }
}

/** Rules by name. */
export function rulesFor(rules: Readonly<Record<string, Partial<ArgumentRule>>>): ReadonlyMap<string, ArgumentRule> {
  return new Map(Object.entries(rules).map(([name, change]) => [name, rule(change)]))
}

export function integer(value: string | null): TypedText {
  return { type: 'integer', text: value }
}

export function text(value: string | null): TypedText {
  return { type: 'text', text: value }
}

export function column(name: string, change: Partial<ColumnInfo> = {}): ColumnInfo {
  return { name, type: 'text', kind: 'text', nullable: true, generated: false, ...change }
}

/** A sound table of invoices, and what a test breaks of it. */
export function invoices(change: Partial<TableInfo> = {}, columns: readonly ColumnInfo[] = []): TableInfo {
  const usual = [
    column('id', { nullable: false }),
    column('tenant_id', { nullable: false }),
    column('late_fee_cents', { type: 'integer', kind: 'integer' }),
    column('note'),
    column('updated_at', { type: 'timestamp with time zone', kind: 'timestamp', fraction_digits: 6 }),
  ]
  return {
    ref: { schema: 'public', table: 'invoices' },
    columns: new Map([...usual, ...columns].map((each) => [each.name, each])),
    unique_keys: [['id']],
    has_triggers: false,
    problems: [],
    fingerprint: `sha256:${'0'.repeat(64)}`,
    ...change,
  }
}

export function changeRules(change: Partial<ChangeRules> = {}): ChangeRules {
  return {
    patch: new Map([['late_fee_cents', { from_arg: 'fee' }]]),
    allowed_columns: ['late_fee_cents'],
    bounds: new Map(),
    transitions: new Map(),
    guard: { kind: 'column', column: 'updated_at', advance: undefined },
    approval: { mode: 'human', required_role: null, required_approvals: 1, separation_of_duties: true },
    executor: { type: 'sql_update', name: null },
    expires_in_seconds: 60,
    on_active_proposal: 'refuse',
    risk: undefined,
    ...change,
  }
}

export function capability(change: Partial<Capability> = {}): Capability {
  return {
    name: 'billing.propose_late_fee_waiver',
    kind: 'proposal',
    description: 'Proposes.',
    digest: `sha256:${'1'.repeat(64)}`,
    source: 'billing',
    engine: 'postgres',
    context: undefined,
    target: {
      type: 'invoices',
      schema: 'public',
      table: 'invoices',
      primary_key: 'id',
      tenant_key: 'tenant_id',
    },
    args: rulesFor({ invoice_id: {}, fee: { type: 'integer' } }),
    lookup: 'invoice_id',
    visible_columns: ['id', 'late_fee_cents'],
    untrusted_columns: [],
    max_rows: 1,
    change: changeRules(),
    ...change,
  }
}
