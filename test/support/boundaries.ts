import { posix } from 'node:path'
import { importsOf, parseSource, type SourceImport, uncheckedLinesOf } from './source-imports.js'

/** The rooms of the source from the innermost outwards: each may import itself and those before it. */
const rooms = [
  'errors',
  'protocol',
  'audit',
  'contract',
  'capability',
  'authority',
  'policy',
  'sql',
  'drivers',
  'ledger',
  'executors',
  'operations',
  'workflow',
  'toolset',
  'runner',
  'contract-test',
  'index',
  'onboarding',
  'review',
  'cli',
] as const

type Room = (typeof rooms)[number] | 'testing' | 'adapters' | 'handler'

/** The app's side of an executor: what it shares with the runner is the words, and how an engine spells. */
const sharedWithHandler: readonly Room[] = ['errors', 'protocol', 'sql']

/** One room in four files: the surfaces of the operator, the model, the adapters and the person who decides. */
const surfaces = ['runner', 'session', 'tool-source', 'reviewer']

/** Rooms that know databases by an interface alone; the runner picks what stands behind it. */
const interfaceOnly: readonly Room[] = ['operations', 'workflow', 'toolset']

const clients = ['pg', 'mysql2']
const sqliteLibraries = ['@photostructure/sqlite', 'node:sqlite']
const sqliteLoader = 'src/drivers/sqlite-library.ts'

/** The database that the demo makes for itself. */
const demoDatabase = 'src/cli/demo/shop.ts'

/** Of the core, what adapters use beside its errors. From the index they would load all of it. */
const sharedWithAdapters = ['src/protocol/is-envelope.ts', 'src/protocol/strict-json.ts', 'src/protocol/version.ts']

/** What a source file imports or says against the rules, one line for each; empty when it keeps them. */
export function violationsIn(path: string, text: string): readonly string[] {
  const source = parseSource(path, text)
  const imports = importsOf(source).flatMap((found) => {
    const reason = reasonAgainst(path, found)
    return reason ? [`${path}:${found.line} imports ${found.specifier ?? 'a computed module'}: ${reason}`] : []
  })
  const unchecked = uncheckedLinesOf(source).map((line) => `${path}:${line} switches the type checker off`)
  return [...imports, ...unchecked]
}

function reasonAgainst(path: string, { specifier, kind }: SourceImport): string | undefined {
  if (specifier === undefined) return undefined
  if (specifier.startsWith('.')) return reasonAgainstFile(path, targetOf(path, specifier))

  const name = packageName(specifier)
  if (clients.includes(name)) {
    if (roomOf(path) !== 'drivers') return 'only drivers know a database client'
    if (kind === 'static') return 'a database client is loaded when it is needed, by import()'
  }
  if (sqliteLibraries.includes(name) && path !== sqliteLoader) return `only ${sqliteLoader} loads SQLite`
  return undefined
}

function reasonAgainstFile(path: string, target: string): string | undefined {
  const from = roomOf(path)
  const to = roomOf(target)
  if (from === undefined) return 'the file itself is in no room'
  if (to === undefined) return 'it is in no room'
  if (from === 'adapters' && sharedWithAdapters.includes(target)) return undefined
  if (!mayImport(from, to)) return `${from} may not import ${to}`

  if (target === sqliteLoader && path !== demoDatabase && !/^src\/(drivers|ledger)\/sqlite/.test(path))
    return 'only the SQLite files use it'
  if (interfaceOnly.includes(from) && isOfOneEngine(target)) return `${from} know no engine by name`
  return undefined
}

function mayImport(from: Room, to: Room): boolean {
  if (from === to) return true
  if (from === 'adapters') return to === 'index' || to === 'errors'
  if (to === 'adapters') return from === 'cli'
  if (from === 'handler') return sharedWithHandler.includes(to)
  if (to === 'handler') return false
  if (to === 'testing') return false
  if (from === 'testing') return orderOf(to) < orderOf('runner')
  return orderOf(to) < orderOf(from)
}

function orderOf(room: Exclude<Room, 'testing' | 'adapters' | 'handler'>): number {
  return rooms.indexOf(room)
}

/** The room of a file, or `undefined` when it lies in none. */
export function roomOf(path: string): Room | undefined {
  if (path.startsWith('adapters/')) return 'adapters'
  const [, name = ''] = /^src\/([^/.]+)(?:\/|\.ts$)/.exec(path) ?? []
  if (name === 'testing' || name === 'handler') return name
  return rooms.find((room) => room === (surfaces.includes(name) ? 'runner' : name))
}

function isOfOneEngine(path: string): boolean {
  return /^src\/(drivers|ledger)\/(postgres|mysql|mariadb|sqlite)/.test(path)
}

/** The source that a relative import means; compiled names stand in the code. */
function targetOf(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts')
}

function packageName(specifier: string): string {
  const [scopeOrName = '', name] = specifier.split('/')
  return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName
}
