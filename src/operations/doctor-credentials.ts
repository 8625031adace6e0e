import type { Credential } from '../drivers/privileges.js'
import { readerNeeds, type SourceNeeds, writerNeeds } from '../sql/table-grants.js'
import { isWritten } from './checks.js'
import { examineIndexes } from './doctor-indexes.js'
import { examineReader } from './doctor-reader.js'
import { examineServer } from './doctor-server.js'
import { type CredentialView, findingOn } from './doctor-view.js'
import { examineWriter } from './doctor-writer.js'
import { type Finding, toFinding } from './finding.js'
import { tablesOf } from './migrations.js'
import type { Ports } from './ports.js'

type Role = CredentialView['role']

interface Answer {
  readonly credential?: Credential
  readonly findings: readonly Finding[]
}

const NOT_ASKED: Answer = { findings: [] }

/**
 * Holds what the two credentials of a source may do against what the contract needs of them: against the very list that
 * the grants of `migrations` are made of.
 */
export async function examineCredentials(ports: Ports, name: string): Promise<readonly Finding[]> {
  const source = await ports.sources.open(name)
  const plan = ports.sources.plan(name)
  const writes = isWritten(ports, name) && plan.has_writer
  const needs: SourceNeeds = { receipts: plan.receipts, tables: tablesOf(ports, name) }
  const ofRole = { reader: readerNeeds(needs), writer: writerNeeds(needs) }
  const ask = async (role: Role): Promise<Answer> => {
    try {
      const tables = ofRole[role].map(({ ref }) => ref)
      return { credential: await source.driver.privileges(role, { tables }), findings: [] }
    } catch (error) {
      return { findings: [{ ...toFinding(`${role}:${name}`, error), source: name }] }
    }
  }
  const [reader, writer] = await Promise.all([ask('reader'), writes ? ask('writer') : NOT_ASKED])
  const viewOf = (role: Role, credential: Credential): CredentialView => {
    return { source: name, role, dialect: source.driver.dialect, credential, needs: ofRole[role] }
  }
  return [
    ...reader.findings,
    ...writer.findings,
    ...examineBoth(
      reader.credential && viewOf('reader', reader.credential),
      writer.credential && viewOf('writer', writer.credential),
      plan.receipts,
    ),
    ...examineServer(name, { reader: reader.credential, writer: writer.credential }),
    ...(reader.credential ? examineIndexes(capabilitiesOf(ports, name), reader.credential, source.driver.dialect) : []),
  ]
}

function capabilitiesOf({ contract }: Ports, name: string) {
  return [...contract.capabilities.values()].filter(({ source }) => source === name)
}

/** Of one credential that is both, it cannot be said which of its rights are too many. */
function examineBoth(
  reader: CredentialView | undefined,
  writer: CredentialView | undefined,
  receipts: SourceNeeds['receipts'],
): readonly Finding[] {
  if (reader !== undefined && writer !== undefined && isOneCredential(reader, writer)) return [sameCredential(reader)]
  return [
    ...(reader === undefined ? [] : examineReader(reader)),
    ...(writer === undefined ? [] : examineWriter(writer, receipts)),
  ]
}

function isOneCredential({ credential }: CredentialView, { credential: other }: CredentialView): boolean {
  return credential.has_grants && credential.account === other.account
}

function sameCredential(view: CredentialView): Finding {
  return findingOn(view, {
    severity: 'error',
    code: 'PRECONDITION_FAILED',
    reason: 'SAME_CREDENTIAL',
    message: `Reader and writer of ${view.source} log in as the same user, so that whatever reads could write.`,
    next: 'Make a user of its own for the reader, with the grants that migrations print, and put it into its URL.',
  })
}
