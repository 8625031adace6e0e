/** Rights of a PostgreSQL role beyond tables, in words that every engine shares. */
import { leave, revokeFrom } from './postgres-holder.js'
import type { BeyondGrant, PrivilegesAnswer } from './postgres-privileges-answer.js'
import type { Power, PowerKind } from './privileges.js'

/** Routines that the installation keeps from everybody, and what is done with them. Any other may do anything. */
const KEPT_BACK: readonly (readonly [RegExp, PowerKind])[] = [
  [/^(lo_export|pg_file_(write|rename|unlink|sync))$/, 'writes_files'],
  [/^(lo_import|pg_read_(binary_)?file|pg_stat_file|pg_ls_.*|pg_logdir_ls|pg_file_(read|length))$/, 'reads_files'],
  [/^(dblink.*|foreign_server|foreign_server_owned|user_mapping|foreign_wrapper)$/, 'reaches_elsewhere'],
  [/^alter system$/, 'alters_system'],
  [/^later$/, 'is_granted_later'],
]

/** What reaches out of the database, and settings that a superuser would have to change otherwise. */
export function powersBeyond(role: PrivilegesAnswer): readonly Power[] {
  return role.beyond.map((grant) => ({ kind: kindOf(grant), subject: subjectOf(grant), revoke: endOf(role, grant) }))
}

function kindOf({ kind, name }: BeyondGrant): PowerKind {
  // With it triggers and foreign keys do not hold.
  if (kind === 'set') return name.toLowerCase() === 'session_replication_role' ? 'disables_triggers' : 'sets_parameter'
  return KEPT_BACK.find(([names]) => names.test(kind))?.[1] ?? 'calls_kept_back'
}

const SUBJECTS: Readonly<Record<string, string>> = {
  foreign_server: 'foreign server ',
  foreign_server_owned: 'foreign server ',
  user_mapping: 'user mapping on server ',
  foreign_wrapper: 'foreign data wrapper ',
}

function subjectOf({ kind, name }: BeyondGrant): string {
  return `${SUBJECTS[kind] ?? ''}${name}`
}

function endOf(role: PrivilegesAnswer, grant: BeyondGrant): readonly string[] {
  // Who else could own it is not for a statement to guess.
  if (grant.what === null) return grant.self ? [] : leave(role, grant.hops)
  if (grant.kind === 'user_mapping') return grant.self ? [`drop ${grant.what};`] : leave(role, grant.hops)
  if (grant.kind !== 'later') return revokeFrom(role, grant, grant.what)
  // The statement names the right last, behind whose tables they will be.
  const [whose = '', what = ''] = splitAtRevoke(grant.what)
  return revokeFrom(role, grant, what).map((line) => (line.startsWith(`revoke ${what} `) ? `${whose}${line}` : line))
}

/** Names are quoted or plain words, so that the last ` revoke ` is the statement's own. */
function splitAtRevoke(statement: string): readonly string[] {
  const at = statement.lastIndexOf(' revoke ')
  return [statement.slice(0, at + 1), statement.slice(at + ' revoke '.length)]
}
