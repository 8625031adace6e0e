import type { InputField } from './inputs.js'

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const NAMING = set('name names list')
const IDENTIFIERS = set('table tables schema schemas column columns database databases db')

/** Schemas of documents, and tables that are none of a database. */
const OTHER_PREFIXES = set('json output response input xml avro tool openapi graphql time periodic')

/** The model would choose a table, schema, column or database. */
export function isIdentifierInput({ words, types, choices }: InputField): boolean {
  const [last = '', before = ''] = withoutEnd(words, NAMING).toReversed()
  if (!IDENTIFIERS.has(last) || OTHER_PREFIXES.has(before)) return false
  return choices === undefined && !isNumeric(types)
}

const PREDICATES = set('where filter filters predicate predicates condition conditions')
const PREDICATE_ENDS = set('clause clauses expression expressions expr sql string json query')
const PREDICATE_PREFIXES = set(
  'where sql raw row rows custom query search record records json data advanced additional extra mongo odata db database',
)

/** The model would choose which rows are meant. */
export function isPredicateInput({ words, types, choices, is_closed }: InputField): boolean {
  const kept = withoutEnd(words, PREDICATE_ENDS)
  if (!PREDICATES.has(kept.at(-1) ?? '') || !kept.slice(0, -1).every((word) => PREDICATE_PREFIXES.has(word))) {
    return false
  }
  return choices === undefined && !is_closed && !isNumeric(types)
}

/** Without the words that only say how something is written: `table_names`, `where_clause`. */
function withoutEnd(words: readonly string[], ends: ReadonlySet<string>): readonly string[] {
  let kept = words
  while (kept.length > 1 && ends.has(kept.at(-1) ?? '')) kept = kept.slice(0, -1)
  return kept
}

function isNumeric(types: readonly string[]): boolean {
  return types.length > 0 && types.every((type) => ['integer', 'number', 'boolean', 'null'].includes(type))
}

/** What only a trusted session may say, by all words of its name. */
const TRUSTED = set(
  [
    'user_id userid project_id projectid source_id sourceid',
    'allowed_columns allowed_tables allowed_fields visible_columns permissions',
    'row_version expected_version expected_row_version expected_row_hash expected_hash lock_version conflict_guard',
    'approver approvers approver_id approver_ids approver_name approver_email approved_by approval_id approval_token',
    'approval_identity approval_user reviewer_id reviewed_by decided_by auto_approve skip_approval bypass_approval',
    'on_behalf_of acting_as act_as run_as impersonate impersonate_user is_admin',
  ].join(' '),
)

/** What names the isolation boundary or who acts, whatever stands before it. */
const TRUSTED_ENDS = set(
  'tenant tenant_id tenant_key tenant_name tenant_slug principal_id principal_name tenants tenant_ids',
)

/** Before `user_id` these mean the one who acts; others mean somebody whom the tool is about. */
const ACTING = set('current acting session caller auth authenticated effective my')

/** The model would state who acts, for whom, or what is allowed. A value that the schema fixes is none of its own. */
export function isTrustInput({ words, types, choices }: InputField): boolean {
  if (choices?.length === 1) return false
  const name = words.join('_')
  // The principal of a loan is a sum of money.
  if (name === 'principal') return !types.includes('number')
  if (TRUSTED.has(name) || TRUSTED_ENDS.has(words.slice(-2).join('_')) || words.at(-1) === 'tenant') return true
  const [first = '', ...rest] = words
  return ACTING.has(first) && TRUSTED.has(rest.join('_'))
}

/** The caller can name one intended write. */
export function isIdempotencyInput({ words }: InputField): boolean {
  const name = words.join('_')
  return words.includes('idempotency') || words.includes('idempotent') || IDEMPOTENCY.has(name)
}

const IDEMPOTENCY = set(
  'request_id client_request_id client_token client_mutation_id operation_id dedupe_key dedup_key',
)

/** The caller says which state it has read. */
export function isGuardInput({ words }: InputField): boolean {
  const name = words.join('_')
  return GUARDS.has(name) || (words[0] === 'expected' && words.length > 1)
}

const GUARDS = set(
  'version row_version lock_version etag e_tag if_match if_unmodified_since revision resource_version conflict_guard before last_seen_version',
)
