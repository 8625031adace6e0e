import type { Config } from '../../../src/index.js'

type Tree = { [key: string]: unknown }

const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' } as const

const approval = { mode: 'human', required_role: 'billing_lead', required_approvals: 2 } as const

/** A contract that uses nearly every key that the format has. */
export const SAMPLE = {
  version: 1,
  mode: 'review',
  storage: { sqlite_path: './ledger.db' },
  sources: {
    shop: {
      engine: 'postgres',
      read_url_env: 'SHOP_READ_URL',
      write_url_env: 'SHOP_WRITE_URL',
      statement_timeout_ms: 2000,
      receipts: { authority: 'source_db', schema: 'ops', table: 'receipts' },
      pool: { max: 4 },
      tls: { ca_env: 'SHOP_CA' },
    },
    archive: { engine: 'sqlite', path: 'archive.db', read_only: true },
    legacy: { engine: 'mysql', read_url_env: 'LEGACY_URL', ssl: { rejectUnauthorized: true } },
  },
  trusted_context: { provider: 'session' },
  contexts: {
    night: { provider: 'environment', values: { tenant_id_env: 'NIGHT_TENANT', principal_env: 'NIGHT_PRINCIPAL' } },
    web: { provider: 'http_claims', values: { tenant_id_key: 'org', principal_key: 'sub', roles_key: 'roles' } },
    bench: { provider: 'static_dev', values: { tenant_id: 'acme', principal: 'bench' } },
  },
  executors: {
    direct: { type: 'sql_update' },
    app: {
      type: 'http_handler',
      url_env: 'APP_URL',
      auth: { token_env: 'APP_TOKEN' },
      signing_secret_env: 'APP_SECRET',
      addresses: 'public',
    },
    script: { type: 'command_handler', command_env: 'SCRIPT', pass_env: ['REGION'] },
  },
  operators: { carol: { roles: ['billing_lead'] }, dana: { roles: ['billing_lead', 'support_lead'] } },
  approvals: { separation_of_duties: true },
  rate_limits: {
    calls_per_minute: 60,
    proposals_per_day: 100,
    capabilities: { 'billing.waive_fee': { open_proposals: 5 } },
  },
  capabilities: [
    {
      name: 'billing.inspect_invoice',
      kind: 'read',
      description: 'Reads one invoice.',
      source: 'shop',
      target,
      args: { invoice_id: { type: 'string', max_length: 64, pattern: '^INV-[0-9]+$' } },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns: ['id', 'status', 'late_fee_cents', 'note'],
      untrusted_columns: ['note'],
      examples: [{ invoice_id: 'INV-1' }],
    },
    {
      name: 'billing.list_archived',
      kind: 'read',
      source: 'archive',
      context: 'night',
      target,
      visible_columns: ['id', 'status'],
      max_rows: 20,
      evidence: 'required',
    },
    {
      name: 'billing.waive_fee',
      kind: 'proposal',
      source: 'shop',
      target: { ...target, schema: 'billing' },
      args: {
        invoice_id: { type: 'string', max_length: 64 },
        fee: { type: 'integer', minimum: 0, maximum: 5000 },
        reason: { type: 'string', max_length: 200, required: false },
        status: { type: 'string', enum: ['open', 'waived'] },
      },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns: ['id', 'status', 'late_fee_cents'],
      patch: {
        late_fee_cents: { from_arg: 'fee' },
        waiver_reason: { from_arg: 'reason' },
        status: { from_arg: 'status' },
        reviewed: { fixed: true },
      },
      allowed_columns: ['late_fee_cents', 'waiver_reason', 'status', 'reviewed'],
      numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 5000 } },
      transition_guards: { status: { allowed: { open: ['waived'], late: ['open', 'waived'] } } },
      conflict_guard: { column: 'version', advance: 'integer' },
      approval,
      expires_in_seconds: 86_400,
      risk: 'high',
      on_active_proposal: 'refuse',
      executor: 'direct',
    },
    {
      name: 'billing.close_ticket',
      kind: 'proposal',
      source: 'legacy',
      target,
      args: { ticket_id: { type: 'integer' } },
      lookup: { id_from_arg: 'ticket_id' },
      visible_columns: ['id', 'status'],
      patch: { status: { fixed: 'closed' } },
      allowed_columns: ['status'],
      conflict_guard: { weak_guard_ack: true },
      approval: { separation_of_duties: false },
      writeback: { mode: 'app_handler', executor: 'app' },
    },
  ],
  adapters: {
    'mcp.desk': {
      type: 'mcp',
      expose: [
        { capability: 'billing.inspect_invoice', as: 'look', inline_evidence: 'summary' },
        { capability: 'billing.waive_fee', mode: 'propose_only' },
        { workflow: 'billing.settle' },
      ],
      roles: ['support'],
      tenants: ['acme', 'globex'],
      require_evidence: true,
      inline_evidence: 'handles_only',
    },
    agents: { type: 'ai_sdk' },
  },
  workflows: [
    {
      name: 'billing.settle',
      version: '1',
      input: { invoice_id: { type: 'string', max_length: 64 }, fee: { type: 'integer', minimum: 0, maximum: 5000 } },
      session_require: ['tenant_id', 'principal'],
      allowed_capabilities: ['billing.inspect_invoice', 'billing.waive_fee'],
      evidence: 'required',
      approvals: [{ on_risk: 'high', required_role: 'billing_lead', required_approvals: 2 }],
      expires_in_seconds: 3600,
      retention: { runs_days: 30 },
      steps: [
        { key: 'look', capability: 'billing.inspect_invoice', args: { invoice_id: { from_input: 'invoice_id' } } },
        {
          key: 'waive',
          capability: 'billing.waive_fee',
          args: {
            invoice_id: { from_input: 'invoice_id' },
            fee: { from_input: 'fee' },
            status: { fixed: 'waived' },
          },
        },
        { key: 'decision', await: 'approval', of: 'waive' },
      ],
    },
  ],
} as const satisfies Config

/** A copy of the sample in which the value at a JSON Pointer is another one, or gone. */
export function sampleWith(changes: Readonly<Record<string, unknown>>): Config {
  const tree: Tree = structuredClone(SAMPLE) as unknown as Tree
  for (const [pointer, value] of Object.entries(changes)) set(tree, pointer.slice(1).split('/'), value)
  return tree as unknown as Config
}

function set(tree: Tree, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) set(tree[key] as Tree, rest, value)
  else if (value !== undefined) tree[key] = value
  else if (Array.isArray(tree)) tree.splice(Number(key), 1)
  else delete tree[key]
}
