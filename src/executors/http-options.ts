import { type Env, needEnv } from '../contract/need-env.js'
import type { ExecutorConfig } from '../contract/schema.js'
import type { HttpHandlerOptions } from './http-handler.js'
import { unavailable } from './unavailable.js'

export type HttpConfig = Extract<ExecutorConfig, { type: 'http_handler' }>

/**
 * What the environment says about an HTTP handler.
 *
 * @throws RunnerError `ENV_MISSING`, `EXECUTOR_UNAVAILABLE`.
 */
export function httpOptions(name: string, config: HttpConfig, env: Env): HttpHandlerOptions {
  const { method, url_env, auth, signing_secret_env, timeout_ms, addresses } = config
  return {
    url: parseUrl(name, url_env, needEnv(env, url_env)),
    method,
    token: auth === undefined ? undefined : parseToken(name, auth.token_env, needEnv(env, auth.token_env)),
    signing_secret: signing_secret_env === undefined ? undefined : needEnv(env, signing_secret_env),
    timeout_ms,
    addresses,
  }
}

function parseUrl(name: string, variable: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url !== undefined && isWeb && url.username === '' && url.password === '') return url
  throw unavailable(
    name,
    `${variable} does not hold an http or https URL without a user name and password.`,
    `Set ${variable} to the URL of the handler. Its token goes into the variable that auth.token_env names.`,
  )
}

/** What stands in a header cannot hold everything that a variable can. */
function parseToken(name: string, variable: string, text: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text
  throw unavailable(
    name,
    `${variable} does not hold a token of visible characters.`,
    `Set ${variable} to the token as the handler expects it, without blanks.`,
  )
}
