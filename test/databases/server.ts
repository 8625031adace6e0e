import type { Account } from './local/account.js'

/** A database server that a test or a benchmark may use as it likes. */
export interface DatabaseServer {
  /** Logs in as an administrator who may create databases and roles. */
  readonly adminUrl: string
  /** Product and version as the server states them, such as `PostgreSQL 18.4`. */
  readonly version: string
  /** Where the server came from, for the log of a run. */
  readonly source: string
}

/** A server together with the way to end it. A server we did not start has nothing to end. */
export interface StartedServer extends DatabaseServer {
  stop(): Promise<void>
}

export interface ServerOptions {
  /** Whether a commit waits for the disk. */
  readonly durable: boolean
  /** Whom the server runs as. */
  readonly account: Account
}
