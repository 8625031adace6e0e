import type { AdapterConfig, ContextConfig, ParsedConfig } from '../contract/schema.js'
import { isRunnerError, RunnerError } from '../errors.js'
import { canonicalJson } from '../protocol/canonical.js'
import type { Context } from '../protocol/proposal.js'
import type { ContextOf } from './ports.js'

/** Facts about the caller that the host established: given to `runner.session`, never by a model. */
export interface GivenContext {
  readonly tenant_id: string
  readonly principal: string
  /** The person the principal acts for, if another. */
  readonly on_behalf_of?: string
  /** What the session may use in an adapter. Never a role of an approver. */
  readonly roles?: readonly string[]
}

/** What a session is opened with: facts, verified claims, or nothing where the contract says where to look. */
export type SessionContext = GivenContext | GivenClaims | undefined

/** Claims that the host has verified. */
export interface GivenClaims {
  readonly claims: Readonly<Record<string, unknown>>
  /** The adapter of the contract whose `session_bind` names the claims. Needed only where several bind them differently. */
  readonly adapter?: string
}

export interface ResolvedContext {
  readonly context: Context
  readonly contextOf: ContextOf
  readonly roles: readonly string[]
}

type Env = Readonly<Record<string, string | undefined>>

/**
 * Binds a session to one trusted context, once. Each capability gets the context that its provider makes of what was
 * given; where the two do not fit, the call fails closed.
 *
 * @throws RunnerError `CONTEXT_MISSING` or `ENV_MISSING`.
 */
export function resolveContext(config: ParsedConfig, env: Env, given: SessionContext): ResolvedContext {
  if (
    isGiven(given) &&
    'claims' in given &&
    given.adapter !== undefined &&
    !Object.hasOwn(config.adapters, given.adapter)
  ) {
    throw missing('the contract has no adapter of this name')
  }
  const names = new Set(config.capabilities.map((capability) => capability.context))
  const resolved = new Map<string | undefined, Context | RunnerError>()
  for (const name of names.size === 0 ? new Set([undefined]) : names) {
    resolved.set(
      name,
      attempt(() => resolveOne(contextConfig(config, name), env, given, config)),
    )
  }
  const contexts = [...resolved.values()]
  const first = contexts.find((each) => !isRunnerError(each))
  const problem = contexts.find((each) => isRunnerError(each))
  if (first === undefined || isRunnerError(first)) throw problem ?? missing('nothing to resolve it from')
  return {
    context: first,
    roles: rolesOf(config, given),
    contextOf: (name) => {
      const context = resolved.get(name)
      if (context === undefined) throw missing('no such context')
      if (isRunnerError(context)) throw context
      return context
    },
  }
}

function attempt(resolve: () => Context): Context | RunnerError {
  try {
    return Object.freeze(resolve())
  } catch (error) {
    if (isRunnerError(error)) return error
    throw error
  }
}

function contextConfig(config: ParsedConfig, name: string | undefined): ContextConfig {
  const found = name === undefined ? config.trusted_context : config.contexts[name]
  if (found === undefined) throw missing(`the contract has no context ${name}`)
  return found
}

function resolveOne(config: ContextConfig, env: Env, given: SessionContext, contract: ParsedConfig): Context {
  const { provider } = config
  switch (config.provider) {
    case 'session': {
      if (isGiven(given) && 'claims' in given) return bound(contract, given)
      if (!isGiven(given) || !('tenant_id' in given)) throw mismatch(provider, '{ tenant_id, principal }')
      return build(provider, given.tenant_id, given.principal, given.on_behalf_of)
    }
    case 'http_claims': {
      if (!isGiven(given) || !('claims' in given)) throw mismatch(provider, '{ claims }')
      const { tenant_id_key, principal_key, on_behalf_of_key } = config.values
      const behalf = on_behalf_of_key === undefined ? undefined : claim(given.claims, on_behalf_of_key)
      return build(provider, claim(given.claims, tenant_id_key), claim(given.claims, principal_key), behalf)
    }
    case 'environment': {
      if (given !== undefined) throw mismatch(provider, 'nothing: the values come from the environment')
      const { tenant_id_env, principal_env } = config.values
      return build(provider, fromEnv(env, tenant_id_env), fromEnv(env, principal_env), undefined)
    }
    case 'static_dev': {
      if (given !== undefined) throw mismatch(provider, 'nothing: the values stand in the contract')
      return build(provider, config.values.tenant_id, config.values.principal, undefined)
    }
    case 'cloud_session':
      throw new RunnerError('EXECUTOR_UNAVAILABLE', 'This version has no cloud sessions.', {
        next: 'Use the provider session, environment or http_claims.',
      })
  }
}

type Binding = NonNullable<AdapterConfig['session_bind']>

/** `session_bind` of an adapter stands for a context of its own. */
function bound(config: ParsedConfig, { claims, adapter }: GivenClaims): Context {
  const binding = bindingOf(config, adapter)
  if (binding === undefined) throw mismatch('session', '{ tenant_id, principal }')
  const { tenant_id, principal, on_behalf_of } = binding
  const behalf = on_behalf_of === undefined ? undefined : claim(claims, on_behalf_of.claim)
  return build('http_claims', claim(claims, tenant_id.claim), claim(claims, principal.claim), behalf)
}

/** Whether verified claims can say, under this contract, for whom a call is made. */
export function takesClaims(config: ParsedConfig, adapter?: string): boolean {
  const { provider } = config.trusted_context
  return provider === 'http_claims' || (provider === 'session' && bindingOf(config, adapter) !== undefined)
}

/** Of the adapter that is named, else the one on which all agree. */
function bindingOf({ adapters }: ParsedConfig, name: string | undefined): Binding | undefined {
  if (name !== undefined) return Object.hasOwn(adapters, name) ? adapters[name]?.session_bind : undefined
  const bindings = Object.values(adapters).flatMap(({ session_bind }) =>
    session_bind === undefined ? [] : [session_bind],
  )
  return new Set(bindings.map((binding) => canonicalJson(binding))).size === 1 ? bindings[0] : undefined
}

/** Only a list of texts counts. */
function rolesOf(config: ParsedConfig, given: SessionContext): readonly string[] {
  if (!isGiven(given)) return NO_ROLES
  const key = 'claims' in given ? rolesClaim(config, given.adapter) : undefined
  const roles = 'claims' in given ? key !== undefined && claim(given.claims, key) : given.roles
  return Array.isArray(roles) && roles.every((role) => typeof role === 'string') ? Object.freeze([...roles]) : NO_ROLES
}

function rolesClaim(config: ParsedConfig, adapter: string | undefined): string | undefined {
  const { trusted_context } = config
  if (trusted_context.provider === 'http_claims') return trusted_context.values.roles_key
  return bindingOf(config, adapter)?.roles?.claim
}

const NO_ROLES: readonly string[] = Object.freeze([])

function isGiven(given: SessionContext): given is NonNullable<SessionContext> {
  return typeof given === 'object' && given !== null
}

function build(provenance: Context['provenance'], tenant: unknown, principal: unknown, behalf: unknown): Context {
  const context = { tenant_id: trusted('tenant_id', tenant), principal: trusted('principal', principal), provenance }
  return behalf === undefined ? context : { ...context, on_behalf_of: trusted('on_behalf_of', behalf) }
}

/** Values that a broken configuration leaves behind, or that mean "everybody" somewhere. */
const NEVER_A_NAME = /^(undefined|null|nan|0|true|false|\[object object\])$/i

/** Wildcards, separators, controls and characters that reorder or hide text. */
const UNFIT = /["`\\;%*<>\p{Default_Ignorable_Code_Point}\p{C}\p{Zl}\p{Zp}]/u

const MAX_BYTES = 256

/** A name that is bound into every statement or compared with approvers: taken as it is or refused, never mended. */
function trusted(field: string, value: unknown): string {
  const why = problemOf(value) ?? (field === 'tenant_id' ? quoteIn(value) : undefined)
  if (typeof value === 'string' && why === undefined) return value
  throw new RunnerError('CONTEXT_MISSING', `The ${field} of the session ${why}.`, { details: { field } })
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return 'is missing or blank'
  if (value !== value.trim()) return 'begins or ends with blanks'
  if (Buffer.byteLength(value) > MAX_BYTES) return `is longer than ${MAX_BYTES} bytes`
  if (NEVER_A_NAME.test(value) || UNFIT.test(value) || value === '_') return 'is not an acceptable name'
  return undefined
}

/** People have apostrophes in their names; tenants with one are somebody's injection. */
function quoteIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.includes("'") ? 'is not an acceptable name' : undefined
}

function claim(claims: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(claims, key) ? claims[key] : undefined
}

function fromEnv(env: Env, name: string): string {
  const value = env[name]?.trim()
  if (value !== undefined && value !== '') return value
  throw new RunnerError('ENV_MISSING', `Environment variable ${name} is not set.`, { details: { env: name } })
}

function mismatch(provider: string, needed: string): RunnerError {
  return new RunnerError('CONTEXT_MISSING', `The context provider ${provider} needs ${needed}.`, {
    details: { provider },
    next: `Call runner.session with ${needed}, or change the provider in the contract.`,
  })
}

function missing(why: string): RunnerError {
  return new RunnerError('CONTEXT_MISSING', `There is no trusted context: ${why}.`)
}
