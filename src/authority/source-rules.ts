import type { Judge, Rules } from './change.js'
import { elsewhere, one, ranked, restriction, toggle, whole } from './judges.js'

const clientTls: Judge = (before, after) => {
  if (after === false) return one('grew', 'The certificate of the server is no longer verified.')
  if (before === false) return one('shrank', 'The certificate of the server is verified now.')
  return []
}

/** By itself a source grants nothing: capabilities that use it are judged where they stand. */
export const SOURCE_RULES: Rules = {
  each: {
    judge: whole('source', 'changed'),
    keys: {
      read_url_env: { judge: elsewhere('The variable with the database that is read') },
      write_url_env: { judge: elsewhere('The variable with the database that is written') },
      path: { judge: elsewhere('The database') },
      read_only: { judge: toggle('Whether nothing is ever written to it', 'shrank') },
      receipts: {
        keys: { authority: { judge: ranked('Where at-most-once is decided', [['source_db'], ['runner_ledger']]) } },
      },
      tls: {
        keys: {
          no_verify: { judge: toggle('Whether any certificate is accepted', 'grew') },
          ca_env: { judge: restriction('An authority certificate') },
        },
      },
      ssl: { keys: { rejectUnauthorized: { judge: clientTls } } },
    },
  },
}

/** As {@link SOURCE_RULES}: what an executor may do is what capabilities hand it. */
export const EXECUTOR_RULES: Rules = {
  each: {
    judge: whole('executor', 'changed'),
    keys: {
      type: { judge: executorType },
      auth: { judge: presence('The runner authenticates to the handler') },
      signing_secret_env: { judge: presence('Requests are signed') },
      addresses: { judge: ranked('The addresses that it may have', [['public'], ['any']], 'any') },
      pass_env: { judge: passed },
      url_env: { judge: elsewhere('The variable with its address') },
      command_env: { judge: elsewhere('The variable with its program') },
    },
  },
}

function executorType(before: unknown, after: unknown): ReturnType<Judge> {
  const words = `Changes are applied by ${String(after)} instead of ${String(before)}.`
  if (before === 'sql_update') return one('grew', words)
  return one(after === 'sql_update' ? 'shrank' : 'changed', words)
}

/** Under which variable a secret is found decides nothing; whether there is one does. */
function presence(what: string): Judge {
  return (before, after) => {
    if (before === undefined) return one('shrank', `${what} now.`)
    if (after === undefined) return one('grew', `${what} no longer.`)
    return []
  }
}

function passed(before: unknown, after: unknown): ReturnType<Judge> {
  const [from, to] = [before, after].map((names) => (Array.isArray(names) ? names.map(String) : []))
  const more = (to ?? []).filter((name) => !from?.includes(name))
  const fewer = (from ?? []).filter((name) => !to?.includes(name))
  return [
    ...(more.length === 0 ? [] : one('grew', `The program is given ${more.join(', ')}, too.`)),
    ...(fewer.length === 0 ? [] : one('shrank', `The program is no longer given ${fewer.join(', ')}.`)),
  ]
}
