import { given } from '../given.js'
import type { OptionValues } from '../options.js'
import { flag, integer, text, texts } from '../options.js'

/** Where an HTTP server listens, whom it answers, and how much it bears. */
export const HTTP_OPTIONS = {
  host: text('--host <address>', 'Address to listen at. Default: 127.0.0.1.'),
  port: integer('--port <n>', 'Port, 0 for any free one.', { minimum: 0, maximum: 65_535 }),
  auth_token_env: text(
    '--auth-token-env <NAME>',
    'Variable with the bearer token. Default: SYNAPSOR_RUNNER_HTTP_TOKEN.',
  ),
  jwt_issuer: text('--jwt-issuer <issuer>', 'Takes signed tokens of this issuer. Default: SYNAPSOR_RUNNER_JWT_ISSUER.'),
  jwt_audience: text('--jwt-audience <audience>', 'That are for this audience. Default: SYNAPSOR_RUNNER_JWT_AUDIENCE.'),
  jwt_algorithms: text('--jwt-algorithms <list>', 'Such as RS256,ES256. Default: SYNAPSOR_RUNNER_JWT_ALGORITHMS.'),
  jwt_keys_env: text(
    '--jwt-keys-env <NAME>',
    'Variable with the keys: a JWKS, a PEM public key or the URL of a JWKS. Default: SYNAPSOR_RUNNER_JWT_KEYS.',
  ),
  insecure_loopback: flag('--insecure-loopback', 'No authentication, on this machine alone.'),
  allowed_host: texts('--allowed-host <host>', 'Host header to answer. Needed off loopback; may be repeated.'),
  allowed_origin: texts('--allowed-origin <origin>', 'Origin of a browser to answer. May be repeated.'),
  max_body_bytes: integer('--max-body-bytes <n>', 'Longest request. Default: 1048576.'),
  max_depth: integer('--max-depth <n>', 'Deepest nesting of a request. Default: 64.'),
  header_timeout: integer('--header-timeout-ms <n>', 'Time for the headers of a request. Default: 10000.'),
  request_timeout: integer('--request-timeout-ms <n>', 'Time for a request. Default: 30000.'),
  max_sessions: integer('--max-sessions <n>', 'Open MCP sessions in all. Default: 1000.'),
  max_sessions_per_subject: integer('--max-sessions-per-subject <n>', 'And of one subject. Default: 100.'),
  session_idle: integer('--session-idle-ms <n>', 'How long an idle session lives. Default: 1800000.'),
  max_calls_per_subject: integer('--max-calls-per-subject <n>', 'Calls in flight of one subject. Default: 32.'),
  max_connections: integer('--max-connections <n>', 'Open connections. Default: 2000.'),
}

type HttpValues = OptionValues<typeof HTTP_OPTIONS>

/** The same as `serveHttp` takes it, but for the authentication. */
export function toHttpOptions(options: HttpValues) {
  const { host, port, allowed_host, allowed_origin } = options
  return {
    ...given({ host, port, allowed_hosts: allowed_host, allowed_origins: allowed_origin }),
    limits: given({
      body_bytes: options.max_body_bytes,
      depth: options.max_depth,
      header_ms: options.header_timeout,
      request_ms: options.request_timeout,
      sessions: options.max_sessions,
      sessions_per_subject: options.max_sessions_per_subject,
      session_idle_ms: options.session_idle,
      calls_per_subject: options.max_calls_per_subject,
      connections: options.max_connections,
    }),
  }
}
