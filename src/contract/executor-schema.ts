import * as z from 'zod'
import { once } from '../protocol/once.js'
import { envName, milliseconds, partName } from './names.js'

const sqlUpdate = once(() =>
  z.strictObject({ type: z.literal('sql_update').describe('The runner writes the row itself, by guarded SQL.') }),
)

const httpHandler = once(() =>
  z.strictObject({
    type: z.literal('http_handler').describe('An HTTP endpoint of the app performs the change.'),
    url_env: envName().describe('Environment variable with the URL of the handler.'),
    method: z.enum(['POST', 'PUT', 'PATCH']).default('POST').describe('HTTP method.'),
    auth: z
      .strictObject({
        type: z.literal('bearer_env').default('bearer_env').describe('A bearer token from the environment.'),
        token_env: envName().describe('Environment variable with the token.'),
      })
      .exactOptional()
      .describe('How the runner authenticates to the handler.'),
    signing_secret_env: envName()
      .exactOptional()
      .describe('Environment variable with the secret that signs each request, so that the handler can check it.'),
    timeout_ms: milliseconds().default(5000).describe('Longest wait for the answer; after it the outcome is unknown.'),
    addresses: z
      .enum(['any', 'public'])
      .default('any')
      .describe('`public`: the name must resolve to public addresses alone, never to loopback or a private network.'),
  }),
)

const commandHandler = once(() =>
  z.strictObject({
    type: z.literal('command_handler').describe('A program of the app performs the change.'),
    command_env: envName().describe(
      'Environment variable with the program: a path, or a JSON array of program and arguments. Never a shell line.',
    ),
    timeout_ms: milliseconds().default(5000).describe('Longest wait for the program; after it the outcome is unknown.'),
    pass_env: z
      .array(envName())
      .max(100)
      .exactOptional()
      .describe('Environment variables that the program is given, beside PATH, HOME, LANG, TZ and TMPDIR.'),
  }),
)

const hostFunction = once(() =>
  z.strictObject({
    type: z.literal('function').describe('A function that the host gives in `runtime.executors` performs the change.'),
    timeout_ms: milliseconds()
      .default(30_000)
      .describe('Longest wait for the function; after it the outcome is unknown.'),
  }),
)

/** How an approved change reaches the source. */
export const executorSchema = once(() =>
  z.discriminatedUnion('type', [sqlUpdate(), httpHandler(), commandHandler(), hostFunction()]),
)

/** Which way an approved change of one capability goes. */
export const writebackSchema = once(() =>
  z.strictObject({
    mode: z
      .enum(['direct_sql', 'app_handler', 'cloud_worker', 'none'])
      .describe(
        '`direct_sql`: the runner writes; `app_handler`: the named executor does; `cloud_worker`: a remote worker does; `none`: nothing is applied.',
      ),
    executor: partName().exactOptional().describe('Name of the executor; the same as `executor` of the capability.'),
  }),
)
