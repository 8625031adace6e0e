import type { McpAuth } from '../../../adapters/mcp/auth.js'
import type { McpJwtOptions } from '../../../adapters/mcp/jwt-options.js'
import { RunnerError } from '../../errors.js'
import type { Io } from '../io.js'
import { nonBlank } from '../non-blank.js'
import type { OptionValues } from '../options.js'
import { usageError } from '../usage-error.js'
import type { HTTP_OPTIONS } from './http-options.js'

type Env = Io['env']
type AuthOptions = Pick<
  OptionValues<typeof HTTP_OPTIONS>,
  'auth_token_env' | 'insecure_loopback' | 'jwt_issuer' | 'jwt_audience' | 'jwt_algorithms' | 'jwt_keys_env'
>

const DEFAULTS = {
  token: 'SYNAPSOR_RUNNER_HTTP_TOKEN',
  issuer: 'SYNAPSOR_RUNNER_JWT_ISSUER',
  audience: 'SYNAPSOR_RUNNER_JWT_AUDIENCE',
  algorithms: 'SYNAPSOR_RUNNER_JWT_ALGORITHMS',
  keys: 'SYNAPSOR_RUNNER_JWT_KEYS',
}

/**
 * How callers prove who they are: as the options say, else by signed tokens where the environment names an issuer, else
 * by one bearer token. Nothing at all only where that was asked for.
 *
 * @throws RunnerError `ENV_MISSING`.
 */
export function authOf(options: AuthOptions, env: Env): McpAuth {
  assertOneWay(options)
  if (options.insecure_loopback === true) return 'insecure_loopback'
  if (options.auth_token_env !== undefined) return tokenAuth(options.auth_token_env, env)
  const issuer = options.jwt_issuer ?? nonBlank(env[DEFAULTS.issuer])
  if (issuer !== undefined) return jwtAuth(issuer, options, env)
  if (asksForJwt(options)) throw usageError('Signed tokens need an issuer.', 'Give --jwt-issuer <issuer>.')
  return tokenAuth(DEFAULTS.token, env)
}

/** Whether each caller brings claims of their own. */
export function bringsClaims(auth: McpAuth): boolean {
  return typeof auth === 'object' && 'jwt' in auth
}

function assertOneWay(options: AuthOptions): void {
  const ways = [options.insecure_loopback === true, options.auth_token_env !== undefined, asksForJwt(options)]
  if (ways.filter((way) => way).length <= 1) return
  throw usageError(
    'More than one way to know callers is given.',
    'Give a token, signed tokens, or --insecure-loopback.',
  )
}

function asksForJwt({ jwt_issuer, jwt_audience, jwt_algorithms, jwt_keys_env }: AuthOptions): boolean {
  return [jwt_issuer, jwt_audience, jwt_algorithms, jwt_keys_env].some((each) => each !== undefined)
}

function tokenAuth(name: string, env: Env): McpAuth {
  const next = `Set ${name} to a random text of at least 32 characters, such as what openssl rand -hex 32 prints; or give --insecure-loopback to try things on this machine.`
  return { token: fromEnv(env, name, 'the bearer token', next) }
}

function jwtAuth(issuer: string, options: AuthOptions, env: Env): McpAuth {
  const audience =
    options.jwt_audience ??
    fromEnv(env, DEFAULTS.audience, 'the audience of signed tokens', 'Give --jwt-audience <audience>.')
  const algorithms =
    options.jwt_algorithms ??
    fromEnv(env, DEFAULTS.algorithms, 'the algorithms of signed tokens', 'Give --jwt-algorithms <list>, such as RS256.')
  const name = options.jwt_keys_env ?? DEFAULTS.keys
  const keys = fromEnv(
    env,
    name,
    'the keys of signed tokens',
    `Set ${name} to a JWKS, a PEM public key or the URL of a JWKS.`,
  )
  return {
    jwt: { issuer, audience, algorithms: algorithms.split(',').map((each) => each.trim()), keys: keysOf(keys, name) },
  }
}

/** A JWKS is JSON; a PEM and a URL are taken as they are. */
function keysOf(text: string, name: string): McpJwtOptions['keys'] {
  if (!text.trimStart().startsWith('{')) return text.trim()
  const parsed = parse(text)
  if (typeof parsed === 'object' && parsed !== null && 'keys' in parsed && Array.isArray(parsed.keys)) {
    return { keys: parsed.keys }
  }
  throw new RunnerError('CONFIG_INVALID', `${name} holds no JWKS.`, {
    details: { env: name, errors: [] },
    next: 'Give {"keys": […]}, a PEM public key or the URL of a JWKS.',
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fromEnv(env: Env, name: string, what: string, next: string): string {
  const value = nonBlank(env[name])
  if (value !== undefined) return value
  throw new RunnerError('ENV_MISSING', `${name} is not set: it holds ${what}.`, { details: { env: name }, next })
}
