/** What the reference apps ask of a database, whichever engine it is. */
import { randomBytes } from 'node:crypto'

export type Row = Readonly<Record<string, unknown>>

/** A database that one run of an example made for itself, and two roles that may log in and nothing else. */
export interface ExampleDatabase {
  readonly readerUrl: string
  readonly writerUrl: string
  /** Runs statements as the administrator. */
  run(sql: string): Promise<void>
  /** The rows of one statement, asked by the administrator. */
  rows(sql: string): Promise<readonly Row[]>
  /** Removes the database and both roles, and ends the server if the example started it. */
  drop(): Promise<void>
}

/** Goes on with a database, and drops it where that fails: nobody else would. */
export async function orDrop<Result>(database: ExampleDatabase, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    await database.drop()
    throw error
  }
}

export interface Names {
  readonly database: string
  readonly reader: string
  readonly writer: string
}

/** Roles belong to the whole server, so two runs must not share them. */
export function namesFor(example: string): Names {
  const database = `${example}_${randomBytes(4).toString('hex')}`
  return { database, reader: `${database}_r`, writer: `${database}_w` }
}

export function randomPassword(): string {
  return randomBytes(16).toString('hex')
}

/** The address of a database on the server of `adminUrl`, for the administrator or for another login. */
export function addressOf(adminUrl: string, database: string, login?: { user: string; password: string }): string {
  const url = new URL(adminUrl)
  url.pathname = `/${database}`
  if (login === undefined) return url.href
  url.username = login.user
  url.password = login.password
  return url.href
}
