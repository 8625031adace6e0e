import { RunnerError } from '../errors.js'
import { type Digest, digest } from '../protocol/canonical.js'
import { parseConfig } from './parse.js'
import { contextOf, executorOf, findCapability, findSource, separatesDuties } from './resolve.js'
import type { CapabilityConfig, Config, ContextConfig, ParsedConfig, SourceConfig } from './schema.js'

/** What a capability decides with: everything but texts for the model and samples. */
function decidingCapability({ args, description, examples, returns_hint, ...rest }: CapabilityConfig) {
  const decidingArgs = Object.entries(args).map(([name, { description: text, ...argument }]) => [name, argument])
  return { ...rest, args: Object.fromEntries(decidingArgs) }
}

/**
 * Digest of what decides behaviour. Descriptions, hints, examples, the place of the ledger and keys for editors are
 * left out; a default counts the same whether it is written or not.
 *
 * @throws RunnerError `CONFIG_INVALID` where the contract is not valid.
 */
export function configDigest(config: Config): Digest {
  return digest('synapsor.contract.v1', decidingConfig(parseConfig(config)))
}

/** What of a contract decides behaviour: what {@link configDigest} covers, and what two contracts are compared by. */
export function decidingConfig({ $schema, storage, strict, result_format, capabilities, ...rest }: ParsedConfig) {
  return { ...rest, capabilities: capabilities.map(decidingCapability) }
}

/**
 * A source without the names of its credentials, its limits and its waits: those may change while a proposal waits. The
 * file of an embedded database says which one it is; a server tells by itself.
 */
function decidingSource(source: SourceConfig | undefined) {
  if (source === undefined) return null
  const { engine, read_only, receipts } = source
  return source.engine === 'sqlite'
    ? { engine, read_only, receipts, path: source.path }
    : { engine, read_only, receipts }
}

/** Where the trusted values come from. Names of variables and claims decide; literal values of `static_dev` do, too. */
function decidingContext({ provider, values }: ContextConfig) {
  return { provider, values: values ?? {} }
}

/**
 * Digest of one capability with all that it refers to: its own deciding keys, its source (engine, receipts,
 * read_only), its context, its executor, whether duties are separated, and the mode. A proposal is applied only under
 * the capability that it was made with.
 *
 * Operators are not in it, their roles are asked again; nor are rate limits, which bear on how much is proposed and not on
 * what: tightening them must not undo what people have approved. Nor are names of variables that hold URLs and secrets.
 *
 * @param config a parsed contract.
 * @throws RunnerError `CAPABILITY_NOT_FOUND`.
 */
export function capabilityDigest(config: ParsedConfig, name: string): Digest {
  const capability = findCapability(config, name)
  if (capability === undefined) {
    throw new RunnerError('CAPABILITY_NOT_FOUND', `The contract has no capability ${name}.`, {
      details: { capability: name },
    })
  }
  const base = {
    mode: config.mode,
    capability: decidingCapability(capability),
    source: decidingSource(findSource(config, capability)),
    context: decidingContext(contextOf(config, capability)),
  }
  if (capability.kind === 'read') return digest('synapsor.capability.v1', base)
  return digest('synapsor.capability.v1', {
    ...base,
    executor: decidingExecutor(config, capability),
    separation_of_duties: separatesDuties(config, capability),
  })
}

function decidingExecutor(config: ParsedConfig, capability: Extract<CapabilityConfig, { kind: 'proposal' }>) {
  const executor = executorOf(config, capability)
  if (executor.type !== 'http_handler') return { type: executor.type }
  // Whether requests are authenticated and signed decides; under which variables the secrets are found does not.
  const { type, method, auth, signing_secret_env } = executor
  return { type, method, auth: auth?.type ?? null, signed: signing_secret_env !== undefined }
}
