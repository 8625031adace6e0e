import { run } from './run.js'

/** The operating system account that a server runs as; empty means the present one. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

/** Database servers refuse to run as root. `nobody` exists on every Unix, so nothing has to be created. */
export async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  const uid = Number(await run('id', ['-u', 'nobody']))
  const gid = Number(await run('id', ['-g', 'nobody']))
  return { uid, gid }
}
