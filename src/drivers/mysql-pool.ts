/** The connections of one role: set up before their first use, every wait with an end, broken ones never used again. */
import type { DriverOptions } from './driver.js'
import { type MysqlConnections, openConnections } from './mysql-open.js'
import { answerLimitMs, type Role } from './mysql-options.js'
import { type MysqlSession, sessionOn } from './mysql-session.js'

export interface MysqlPool {
  /** Opened by the driver, so that a transaction begins with its first statement. */
  readonly owned: boolean
  /** Lends a connection to `work` and destroys it when `work` fails. */
  session<Result>(work: (session: MysqlSession) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export function createMysqlPool(role: Role, options: DriverOptions): MysqlPool {
  // The server ends a statement by itself in time; this ends the wait when the server cannot be heard any more.
  const deadline = answerLimitMs(role, options.statement_timeout_ms)
  let opening: Promise<MysqlConnections> | undefined

  const open = (): Promise<MysqlConnections> => {
    opening ??= openConnections(role, options)
    opening.catch(() => {
      opening = undefined
    })
    return opening
  }

  return {
    owned: options.connections?.[role] === undefined,

    async session(work) {
      const { acquire } = await open()
      const connection = await acquire()
      const session = sessionOn(connection, deadline, options.name)
      try {
        const result = await work(session)
        connection.release()
        return result
      } catch (error) {
        // Whatever state the failure left the session in, nobody is to find out.
        connection.destroy()
        throw error
      }
    },

    async close() {
      const opened = await opening?.catch(() => undefined)
      await opened?.close()
    },
  }
}
