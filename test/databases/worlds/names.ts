import { randomBytes } from 'node:crypto'

/** The two logins of a world, as the database knows them. */
export interface WorldRoles {
  readonly reader: string
  readonly writer: string
}

export interface WorldNames extends WorldRoles {
  readonly database: string
}

/**
 * Random names for one world. Roles belong to the whole server, so two worlds on it must not share
 * them. MySQL allows 32 characters.
 */
export function randomWorldNames(): WorldNames {
  const world = `synapsor_test_${randomBytes(6).toString('hex')}`
  return { database: world, reader: `${world}_r`, writer: `${world}_w` }
}

export function randomPassword(): string {
  return randomBytes(16).toString('hex')
}

/** The address of a database for another login on the same server. */
export function addressFor(adminUrl: string, database: string, user: string, password: string): string {
  const url = new URL(adminUrl)
  url.username = user
  url.password = password
  url.pathname = `/${database}`
  return url.href
}

/** The address of a database for the login that is in the address already. */
export function databaseAddress(adminUrl: string, database: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${database}`
  return url.href
}
