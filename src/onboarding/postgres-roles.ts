import { quote } from '../sql/postgres.js'
import type { RolesRequest } from './build-roles.js'

/** Makes the roles where they are missing. The reader cannot write even where somebody grants it more by mistake. */
export function createPostgresRoles({ reader, writer, writes, schemas }: RolesRequest): string {
  const roles = writes ? [reader, writer] : [reader]
  const tag = dollarTag(roles)
  return [
    ...HEAD,
    ...roles.map((role) => `--   \\password ${quote(role)}`),
    '',
    '-- The roles that the runner logs in with.',
    `do ${tag}`,
    'begin',
    ...roles.flatMap((role) => [
      `  if not exists (select from pg_catalog.pg_roles where rolname = ${literal(role)}) then`,
      `    create role ${quote(role)} login;`,
      '  end if;',
      `  execute format('grant connect on database %I to ${quote(role).replaceAll("'", "''").replaceAll('%', '%%')}', current_database());`,
    ]),
    'end',
    `${tag};`,
    '',
    '-- A second lock beside the missing grants.',
    `alter role ${quote(reader)} set default_transaction_read_only = on;`,
    '',
    '-- Before PostgreSQL 15 every role may create tables in the schema public, these too. To end that, which takes it from',
    '-- all other roles as well, whoever relies on it:',
    ...(schemas.length === 0 ? ['public'] : schemas).map(
      (schema) => `--   revoke create on schema ${quote(schema)} from public;`,
    ),
  ].join('\n')
}

const HEAD = [
  '-- For PostgreSQL. Read it, then run it in the database of the tables, as their owner and with the right to create',
  '-- roles:',
  '--   psql --single-transaction -v ON_ERROR_STOP=1 -d <database> -f synapsor.roles.sql',
  '-- It can be run again. No password stands here; give the roles theirs afterwards, in psql:',
]

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** No name may end the block that it stands in. */
function dollarTag(roles: readonly string[]): string {
  const text = roles.join(' ')
  let tag = 'roles'
  while (text.includes(`$${tag}$`)) tag += '_'
  return `$${tag}$`
}
