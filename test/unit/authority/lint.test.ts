import { describe, expect, it } from 'vitest'
import { LINT_CODES, lintConfig, validateConfig } from '../../../src/index.js'
import { SAMPLE, sampleWith } from './sample.js'

const WAIVE = '/capabilities/2'

/** The sample with everything put right that lint has against it. */
const SOUND: Readonly<Record<string, unknown>> = {
  '/contexts/bench': undefined,
  '/capabilities/0/args/invoice_id/description': 'Its id.',
  '/capabilities/1/description': 'Lists what is archived.',
  '/capabilities/2/description': 'Proposes to waive a fee.',
  '/capabilities/2/examples': [{ invoice_id: 'INV-1', fee: 0, status: 'waived' }],
  '/capabilities/3': undefined,
  '/executors/app': { type: 'http_handler', url_env: 'APP_URL', signing_secret_env: 'APP_SECRET' },
  '/adapters/agents/expose': [{ capability: 'billing.inspect_invoice' }],
}

function codesOf(changes: Readonly<Record<string, unknown>>): readonly string[] {
  const config = sampleWith({ ...SOUND, ...changes })
  expect(validateConfig(config).errors).toEqual([])
  return lintConfig(config).map(({ code, path }) => `${code} ${path}`)
}

it('has nothing against a sound contract', () => {
  expect(codesOf({})).toEqual([])
})

/** One change of the sound contract, and what lint has against it. */
const CASES: readonly (readonly [code: string, path: string, changes: Record<string, unknown>])[] = [
  [
    'NUMBER_WRITTEN_UNBOUNDED',
    `${WAIVE}/patch/late_fee_cents`,
    { [`${WAIVE}/args/fee/maximum`]: undefined, [`${WAIVE}/numeric_bounds/late_fee_cents/maximum`]: undefined },
  ],
  [
    'STATE_WRITTEN_FREELY',
    `${WAIVE}/patch/status`,
    { [`${WAIVE}/args/status`]: { type: 'string', max_length: 9 }, [`${WAIVE}/transition_guards`]: undefined },
  ],
  [
    'SECRET_COLUMN_VISIBLE',
    '/capabilities/0/visible_columns/4',
    { '/capabilities/0/visible_columns/4': 'password_hash' },
  ],
  ['SECRET_COLUMN_VISIBLE', '/capabilities/0/visible_columns/4', { '/capabilities/0/visible_columns/4': 'apiToken' }],
  [
    'SECRET_COLUMN_VISIBLE',
    '/capabilities/0/visible_columns/4',
    { '/capabilities/0/visible_columns/4': 'card_number' },
  ],
  [
    'SECRET_COLUMN_WRITTEN',
    `${WAIVE}/patch/reset_token`,
    { [`${WAIVE}/patch/reset_token`]: { fixed: null }, [`${WAIVE}/allowed_columns/4`]: 'reset_token' },
  ],
  ['HANDLER_UNAUTHENTICATED', '/executors/app', { '/executors/app': { type: 'http_handler', url_env: 'APP_URL' } }],
  [
    'HANDLER_UNSIGNED',
    '/executors/app',
    { '/executors/app': { type: 'http_handler', url_env: 'APP_URL', auth: { token_env: 'APP_TOKEN' } } },
  ],
  ['VARIABLE_PASSED', '/executors/script/pass_env/0', { '/executors/script/pass_env/0': 'STRIPE_API_KEY' }],
  ['TEXT_WRITTEN_UNBOUNDED', `${WAIVE}/patch/waiver_reason`, { [`${WAIVE}/args/reason/max_length`]: undefined }],
  ['TEXT_UNBOUNDED', `${WAIVE}/args/invoice_id`, { [`${WAIVE}/args/invoice_id/max_length`]: undefined }],
  ['PATTERN_LOOSE', '/capabilities/0/args/invoice_id/pattern', { '/capabilities/0/args/invoice_id/pattern': 'INV-' }],
  [
    'PATTERN_LOOSE',
    '/capabilities/0/args/invoice_id/pattern',
    { '/capabilities/0/args/invoice_id/pattern': '^INV-.*$' },
  ],
  [
    'PATTERN_LOOSE',
    '/capabilities/0/args/invoice_id/pattern',
    { '/capabilities/0/args/invoice_id/pattern': '^INV-1|x$' },
  ],
  ['EXPIRY_LONG', `${WAIVE}/expires_in_seconds`, { [`${WAIVE}/expires_in_seconds`]: 31_536_000 }],
  ['GUARD_COARSE', `${WAIVE}/conflict_guard/column`, { [`${WAIVE}/conflict_guard`]: { column: 'change_date' } }],
  ['WEAK_GUARD', `${WAIVE}/conflict_guard/weak_guard_ack`, { [`${WAIVE}/conflict_guard`]: { weak_guard_ack: true } }],
  ['ROLE_MISSING', `${WAIVE}/approval/required_role`, { [`${WAIVE}/approval`]: { required_approvals: 2 } }],
  ['OPERATORS_MISSING', '/operators', { '/operators': undefined }],
  ['DUTIES_NOT_SEPARATED', '/approvals/separation_of_duties', { '/approvals/separation_of_duties': false }],
  [
    'DUTIES_NOT_SEPARATED',
    `${WAIVE}/approval/separation_of_duties`,
    { [`${WAIVE}/approval/separation_of_duties`]: false },
  ],
  ['FEW_APPROVALS', `${WAIVE}/approval/required_approvals`, { [`${WAIVE}/approval/required_approvals`]: 1 }],
  ['RIVALS_ALLOWED', `${WAIVE}/on_active_proposal`, { [`${WAIVE}/on_active_proposal`]: 'allow' }],
  ['TEXT_NOT_MARKED', '/capabilities/0/visible_columns/3', { '/capabilities/0/untrusted_columns': undefined }],
  ['LIST_LARGE', '/capabilities/1/max_rows', { '/capabilities/1/max_rows': 1000 }],
  ['PROPOSALS_UNLIMITED', '/rate_limits', { '/rate_limits': { calls_per_minute: 60 } }],
  [
    'RECEIPTS_IN_LEDGER',
    '/sources/shop/receipts/authority',
    { '/sources/shop/receipts': { authority: 'runner_ledger' } },
  ],
  ['EVERYTHING_EXPOSED', '/adapters/agents/expose', { '/adapters/agents/expose': undefined }],
  ['COLUMN_NEVER_WRITTEN', `${WAIVE}/allowed_columns/4`, { [`${WAIVE}/allowed_columns/4`]: 'paid' }],
  ['EVIDENCE_OPTIONAL', '/capabilities/1/evidence', { '/capabilities/1/evidence': 'optional' }],
  ['DESCRIPTION_MISSING', '/capabilities/1/description', { '/capabilities/1/description': undefined }],
  ['EXAMPLES_MISSING', '/capabilities/0/examples', { '/capabilities/0/examples': undefined }],
  ['TLS_NOT_VERIFIED', '/sources/shop/tls/no_verify', { '/sources/shop/tls': { no_verify: true } }],
  [
    'SINGLE_TENANT',
    '/capabilities/1/target/single_tenant_dev',
    { '/capabilities/1/target': { table: 'invoices', primary_key: 'id', single_tenant_dev: true } },
  ],
]

describe('lint', () => {
  it.each(CASES)('finds %s at %s', (code, path, changes) => {
    expect(codesOf(changes)).toEqual([`${code} ${path}`])
  })

  it('has a case for each of its codes', () => {
    const tested = new Set(CASES.map(([code]) => code))
    expect(Object.keys(LINT_CODES).filter((code) => !tested.has(code))).toEqual([])
  })

  it.each([
    'customer_id',
    'tenant_key',
    'token_count',
    'shipping',
    'company',
    'has_password',
    'password_changed_at',
    'key',
  ])('takes %s for no secret', (column) => {
    const found = codesOf({ '/capabilities/0/visible_columns/4': column })
    expect(found.filter((each) => each.startsWith('SECRET'))).toEqual([])
  })

  it.each(['updated_on', 'modified_on'])(
    'takes %s for no day: its type alone tells, and init looks at that',
    (column) => {
      expect(codesOf({ [`${WAIVE}/conflict_guard`]: { column } })).toEqual([])
    },
  )

  it('tells the worst first, each with what to do', () => {
    const findings = lintConfig(SAMPLE)
    const severities = findings.map(({ severity }) => severity)
    const order = ['error', 'warning', 'info']
    expect(severities).toEqual([...severities].sort((one, other) => order.indexOf(one) - order.indexOf(other)))
    for (const { message, next, path } of findings) {
      expect(message).toMatch(/^[A-Z].*\.$/)
      expect(next).toMatch(/^[A-Z].*\.$/)
      expect(path).toMatch(/^\//)
    }
  })

  it('tells each warning of validation once', () => {
    const codes = lintConfig(SAMPLE).map(({ code }) => code)
    for (const { code } of validateConfig(SAMPLE).warnings) expect(codes).toContain(code)
    expect(codes.filter((code) => code === 'STATIC_CONTEXT')).toHaveLength(1)
  })

  it('asks nothing of who approves where nothing can be approved', () => {
    const found = codesOf({
      '/mode': 'shadow',
      '/operators': undefined,
      [`${WAIVE}/approval`]: {},
      '/workflows': [],
      '/adapters': {},
    })
    expect(found).toEqual([])
  })

  it('refuses a contract that is not valid', () => {
    expect(() => lintConfig(sampleWith({ '/version': 2 }))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})
