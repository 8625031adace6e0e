import { quote } from '../sql/mysql.js'
import type { RolesRequest } from './build-roles.js'

/** Makes the users where they are missing, locked: an account without a password must let nobody in. */
export function createMysqlUsers({ reader, writer, writes }: RolesRequest): string {
  const users = (writes ? [reader, writer] : [reader]).map((name) => `${quote(name)}@'%'`)
  return [
    '-- For MySQL and MariaDB. Read it, then run it in the database of the tables, as an administrator:',
    '--   mysql <database> < synapsor.roles.sql',
    '-- It can be run again. No password stands here, and new users are locked; give them theirs afterwards:',
    ...users.map((user) => `--   alter user ${user} identified by '<password>' account unlock;`),
    '',
    '-- The users that the runner logs in with.',
    ...users.map((user) => `create user if not exists ${user} account lock;`),
  ].join('\n')
}
