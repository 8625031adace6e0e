import type { StartedServer } from './server.js'

/**
 * The server that an environment variable names, or `undefined` when the variable is not set. A
 * server that was asked for and cannot be used is a failure: another one in its place would let a
 * run pass against something nobody chose.
 */
export async function givenServer(
  variable: string,
  login: (url: string) => Promise<{ version: string; isAdministrator: boolean }>,
): Promise<StartedServer | undefined> {
  const adminUrl = process.env[variable]
  if (!adminUrl) return undefined

  const { version, isAdministrator } = await login(adminUrl).catch((error: unknown) => {
    throw new Error(`${variable} is set but its server cannot be used: ${reasonOf(error)}`, { cause: error })
  })
  if (!isAdministrator) throw new Error(`${variable} must log in as an administrator who may create roles.`)
  return { adminUrl, version, source: variable, stop: async () => {} }
}

function reasonOf(error: unknown): string {
  // Node gathers the failed addresses of one host name in an error without a message of its own.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}
