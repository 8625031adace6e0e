import { holdsCredential, isSecretName } from './credentials.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { isRecord } from './snapshot.js'
import { fold, shown } from './suggest.js'

const INLINE_URLS: ReadonlySet<string> = new Set(['url', 'databaseurl', 'readurl', 'writeurl', 'connectionstring'])
const SQL_TEXT: ReadonlySet<string> = new Set(['sql', 'rawsql', 'statement', 'querysql'])

const ARGUMENTS: ReadonlySet<string> = new Set(
  [
    'tenant_id',
    'tenant',
    'principal',
    'principal_id',
    'project_id',
    'source_id',
    'database_id',
    'allowed_columns',
    'row_version',
    'current_version',
    'expected_version',
    'approval_identity',
    'table',
    'schema',
    'column',
    'columns',
    'database',
    'sql',
    'query',
    'where',
    'filter',
  ].map(fold),
)

/** True for an argument name that would let the model say what only the contract or the session may say. */
export function isRefusedArgument(name: string): boolean {
  return ARGUMENTS.has(fold(name))
}

function isArgumentName(path: Path): boolean {
  const [list, , key] = path
  if (list === 'capabilities') return path.length === 4 && key === 'args'
  if (list !== 'workflows') return false
  return (path.length === 4 && key === 'input') || (path.length === 6 && key === 'steps' && path[4] === 'input')
}

function* refusedName(key: string, path: Path): Iterable<ContractProblem> {
  if (isArgumentName(path) && isRefusedArgument(key)) {
    const message = `Rename the argument \`${shown(key)}\`: what it names comes from the contract or the session, never from the model.`
    yield problem('REFUSED_ARGUMENT', path, message)
    return
  }
  const folded = fold(key)
  if (SQL_TEXT.has(folded)) {
    yield problem('REFUSED_KEY', path, `Remove \`${shown(key)}\`: no SQL text stands in a contract.`)
  }
  if (INLINE_URLS.has(folded)) {
    const message = `Remove \`${shown(key)}\`: put the URL into an environment variable and name that variable.`
    yield problem('REFUSED_KEY', path, message)
  }
}

/** The name of a step stands under `key`; anywhere else that is a secret's name. */
function isStepKey(path: Path): boolean {
  return path.length === 5 && path[0] === 'workflows' && path[2] === 'steps' && path[4] === 'key'
}

function* refusedText(key: string | number | undefined, text: string, path: Path): Iterable<ContractProblem> {
  const secretName = typeof key === 'string' && isSecretName(fold(key)) && !path.includes('examples')
  if ((secretName && !isStepKey(path)) || holdsCredential(text)) {
    const message = 'Remove the credential: put it into an environment variable and name that variable.'
    yield problem('INLINE_CREDENTIAL', path, message)
  }
}

/** What is refused wherever it stands in the contract: keys for SQL and URLs, argument names, credentials in text. */
export function* findRefusals(tree: unknown, path: Path = []): Iterable<ContractProblem> {
  if (typeof tree === 'string') yield* refusedText(path.at(-1), tree, path)
  if (Array.isArray(tree)) for (const [index, item] of tree.entries()) yield* findRefusals(item, [...path, index])
  if (!isRecord(tree)) return
  for (const [key, value] of Object.entries(tree)) {
    const at = [...path, key]
    yield* refusedName(key, at)
    if (holdsCredential(key)) yield* refusedText(undefined, key, at)
    yield* findRefusals(value, at)
  }
}
