import { type Draft, type DraftSource, entriesOf, isServer } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { isSystemSchema, isSystemTable } from './system-objects.js'

/** A source says where its connections come from, and authenticates its server. */
export function* checkSources({ sources }: Draft): Iterable<ContractProblem> {
  for (const [name, source] of entriesOf(sources)) {
    const path = ['sources', name]
    yield* checkConnection(source, path)
    yield* checkTls(source, path)
    yield* checkReceipts(source, path)
  }
}

function* checkConnection(source: DraftSource, path: Path): Iterable<ContractProblem> {
  const key = isServer(source) ? 'read_url_env' : 'path'
  const value = isServer(source) ? source.read_url_env : source.path
  if (value === undefined) {
    yield problem('CONNECTION_UNNAMED', [...path, key], `Add \`${key}\`, unless the host gives the connection.`)
  }
}

function* checkTls(source: DraftSource, path: Path): Iterable<ContractProblem> {
  if (!isServer(source)) return
  const { tls, ssl } = source
  const message = 'Any server could pretend to be this database. Give the authority certificate with `tls.ca_env`.'
  if (tls?.no_verify === true) yield problem('TLS_NOT_VERIFIED', [...path, 'tls', 'no_verify'], message)
  if (ssl?.rejectUnauthorized === false) {
    yield problem('TLS_NOT_VERIFIED', [...path, 'ssl', 'rejectUnauthorized'], message)
  }
  if (tls !== undefined && ssl !== undefined) {
    yield problem('INVALID_VALUE', [...path, 'ssl'], 'Remove `ssl`: `tls` says it already.')
  }
  if (tls?.no_verify === true && tls.ca_env !== undefined) {
    yield problem('INVALID_VALUE', [...path, 'tls', 'no_verify'], 'Remove `no_verify`: a certificate is named.')
  }
}

function* checkReceipts({ engine, receipts }: DraftSource, path: Path): Iterable<ContractProblem> {
  const at = [...path, 'receipts']
  if (receipts?.table !== undefined && isSystemTable(receipts.table)) {
    yield problem('SYSTEM_OBJECT', [...at, 'table'], 'Name a table of your own.')
  }
  if (receipts?.schema === undefined) return
  if (isSystemSchema(receipts.schema)) {
    yield problem('SYSTEM_OBJECT', [...at, 'schema'], 'Name a schema of your own.')
  }
  if (engine === 'sqlite' && receipts.schema !== 'main') {
    yield problem(
      'INVALID_VALUE',
      [...at, 'schema'],
      'Leave `schema` out, or write `main`: an SQLite file has no other.',
    )
  }
}
