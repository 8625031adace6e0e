import { type Path, toPointer } from './problems.js'
import { isRecord, takeSnapshot } from './snapshot.js'

/** One thing that migration changed. */
export interface Migration {
  /** JSON Pointer to the key in the older contract. */
  readonly path: string
  /** A sentence that says what was changed and why. */
  readonly message: string
}

/** A contract in today's spelling, and every change that led to it. Not validated. */
export interface MigratedConfig {
  readonly config: unknown
  readonly changes: readonly Migration[]
}

type Tree = Record<string, unknown>
type Note = (path: Path, message: string) => void

function migrateTop(config: Tree, note: Note): void {
  if (config.version === undefined || config.version === '1') {
    note(['version'], 'Wrote `version: 1`: it was the only version of this format.')
    config.version = 1
  }
  if ('result_format' in config) {
    note(['result_format'], 'Removed `result_format`: there is one envelope.')
    delete config.result_format
  }
}

function migrateSource(source: Tree, path: Path, note: Note): void {
  const { ssl } = source
  const keys = isRecord(ssl) ? Object.keys(ssl) : []
  if (!isRecord(ssl) || keys.length !== 1 || typeof ssl.rejectUnauthorized !== 'boolean' || 'tls' in source) return
  delete source.ssl
  if (ssl.rejectUnauthorized) {
    note(
      [...path, 'ssl'],
      'Removed `ssl.rejectUnauthorized: true`: servers are verified unless the contract says otherwise.',
    )
    return
  }
  source.tls = { no_verify: true }
  note([...path, 'ssl'], 'Wrote `tls.no_verify: true` for `ssl.rejectUnauthorized: false`. Better give `tls.ca_env`.')
}

function migrateCapability(capability: Tree, path: Path, note: Note): void {
  const { lookup, args, target, writeback } = capability
  const name = isRecord(lookup) && typeof lookup.id_from_arg === 'string' ? lookup.id_from_arg : undefined
  const argument = name !== undefined && isRecord(args) ? args[name] : undefined
  if (name !== undefined && isRecord(argument) && argument.type === 'number') {
    argument.type = 'integer'
    note([...path, 'args', name, 'type'], 'Wrote `integer` for `number`: a key is not looked up by a fraction.')
  }
  if (capability.single_tenant_dev_ack === true && isRecord(target) && target.tenant_key === undefined) {
    delete capability.single_tenant_dev_ack
    target.single_tenant_dev = true
    note([...path, 'single_tenant_dev_ack'], 'Moved to `target.single_tenant_dev`.')
  }
  if (isRecord(writeback) && typeof writeback.executor === 'string' && capability.executor === undefined) {
    capability.executor = writeback.executor
    delete writeback.executor
    note([...path, 'writeback', 'executor'], 'Moved to `executor` of the capability.')
  }
}

/**
 * Rewrites a contract of the alpha line in today's spelling. Every change is listed and nothing is guessed: what cannot
 * be known (a missing tenant column, a missing guard) is left as it is for {@link validateConfig} to report. Never throws;
 * what was given stays untouched.
 */
export function migrateConfig(value: unknown): MigratedConfig {
  const { tree } = takeSnapshot(value)
  const changes: Migration[] = []
  const note: Note = (path, message) => void changes.push({ path: toPointer(path), message })
  if (!isRecord(tree)) return { config: tree, changes }

  migrateTop(tree, note)
  for (const [name, source] of Object.entries(isRecord(tree.sources) ? tree.sources : {})) {
    if (isRecord(source)) migrateSource(source, ['sources', name], note)
  }
  for (const [index, capability] of (Array.isArray(tree.capabilities) ? tree.capabilities : []).entries()) {
    if (isRecord(capability)) migrateCapability(capability, ['capabilities', index], note)
  }
  return { config: tree, changes }
}
