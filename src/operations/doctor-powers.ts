import type { Power, PowerKind } from '../drivers/privileges.js'
import { type CredentialView, findingOn, findNeed } from './doctor-view.js'
import type { Finding } from './finding.js'
import type { Reason } from './reasons.js'

const WORDS: Readonly<Record<PowerKind, string>> = {
  superuser: 'is a superuser, whom nothing is refused',
  bypasses_row_security: 'bypasses row security',
  manages_roles: 'may make roles or hand out rights, and so give itself any',
  creates_databases: 'may create databases',
  replicates: 'may replicate the whole server',
  writes_everything: 'may write every table',
  reads_everything: 'may read everything',
  writes_files: 'may write files of the server',
  reads_files: 'may read files of the server',
  runs_programs: 'may run programs on the server',
  administers: 'may administer the server',
  creates_in_schema: 'may create tables and functions in a schema',
  creates_in_database: 'may create schemas in the database',
  owns_schema: 'owns a schema, and may drop all that is in it',
  owns_database: 'owns the database, and may drop it',
  calls_definer: 'may call a routine that runs with the rights of whoever made it',
  calls_kept_back: 'may call a routine that the installation keeps for administrators',
  reaches_elsewhere: 'may reach other servers, and write there whatever it may there',
  alters_system: 'may change a setting of the whole server',
  sets_parameter: 'may change a setting that is for administrators',
  disables_triggers: 'may switch off triggers and foreign keys',
  is_granted_later: 'will be given rights on what is made later',
  reads_through_maker: 'reads a view, and views run with the rights of their maker, in all that they call',
  file_open_to_others: 'opens a file that other users of the machine may change as well',
  unknown: 'was granted something that is not understood, and may be anything',
}

/** What makes a writer one that no check of the database binds. Of a reader everything does but the ability to see. */
const ERRORS_OF_WRITER = new Set<PowerKind>([
  'superuser',
  'bypasses_row_security',
  'manages_roles',
  'replicates',
  'writes_everything',
  'writes_files',
  'runs_programs',
  'calls_kept_back',
  'alters_system',
  'disables_triggers',
  'unknown',
])
const RISKS_OF_READER = new Set<PowerKind>(['reads_everything', 'file_open_to_others', 'is_granted_later'])

/** It lets a reader see more, or others change what it reads: nothing that it could write with. */
export function isRiskOfReader(kind: PowerKind): boolean {
  return RISKS_OF_READER.has(kind)
}

/** Rights beyond tables. Neither credential needs any. */
export function examinePowers(view: CredentialView): readonly Finding[] {
  const { credential, role } = view
  // Both connections open the same file.
  const powers = credential.powers
    .filter(({ kind }) => role === 'reader' || kind !== 'file_open_to_others')
    .filter(({ ref }) => ref === undefined || findNeed(view, ref) === undefined)
  return powers.map((power) => findingOn(view, toFinding(view, power)))
}

function toFinding({ source, role }: CredentialView, { kind, subject, revoke }: Power) {
  const isError = role === 'reader' ? !isRiskOfReader(kind) : ERRORS_OF_WRITER.has(kind)
  const about = subject === null ? '' : `: ${subject}`
  return {
    severity: isError ? ('error' as const) : ('warning' as const),
    ...(isError ? { code: 'PRECONDITION_FAILED' as const } : {}),
    reason: reasonOf(role, kind),
    message: `The ${role} of ${source} ${WORDS[kind]}${about}.`,
    ...remedyOf(kind, revoke),
  }
}

function reasonOf(role: CredentialView['role'], kind: PowerKind): Reason {
  if (kind === 'file_open_to_others') return 'FILE_OPEN_TO_OTHERS'
  if (role === 'writer') return 'WRITER_TOO_POWERFUL'
  return kind === 'writes_everything' ? 'READER_CAN_WRITE' : 'READER_TOO_POWERFUL'
}

function remedyOf(
  kind: PowerKind,
  revoke: readonly string[],
): Pick<Finding, 'next'> & { readonly mend?: readonly string[] } {
  if (revoke.length > 0) return { next: 'Take it away.', mend: revoke }
  if (kind === 'file_open_to_others')
    return { next: 'Leave the right to write the file and its folder to its owner alone.' }
  return { next: 'Log in as another user that has only the rights that migrations print.' }
}
