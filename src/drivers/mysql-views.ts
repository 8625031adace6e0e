/** Views that run with the rights of their maker: whoever may select from one runs what it calls, as its maker would. */
import { quoteTable } from '../sql/mysql.js'
import type { MysqlSession } from './mysql-session.js'
import type { HeldGrant, Power } from './privileges.js'

/** Those of the server itself, and those that the user made, lend no rights. */
const VIEWS = `select table_schema, table_name from information_schema.views
  where security_type = 'DEFINER' and definer <> current_user()
  and table_schema not in ('sys', 'mysql', 'information_schema', 'performance_schema') order by table_schema, table_name`

export interface View {
  readonly schema: string
  readonly table: string
}

/** Every view that the user is shown, and so has some right to. */
export async function askViews(session: MysqlSession): Promise<readonly View[]> {
  const { rows } = await session.run(VIEWS)
  return rows.map(([schema, table]) => ({ schema: schema ?? '', table: table ?? '' }))
}

/** With the statements that take the view away, where it was granted by itself. */
export function viewPowers(views: readonly View[], grants: readonly HeldGrant[]): readonly Power[] {
  return views.map((ref) => ({
    kind: 'reads_through_maker',
    subject: quoteTable(ref),
    ref,
    revoke: grants.filter((grant) => isSelectOf(grant, ref)).flatMap(({ revoke }) => revoke),
  }))
}

function isSelectOf({ right, on }: HeldGrant, { schema, table }: View): boolean {
  return right === 'select' && on.kind === 'table' && on.ref.schema === schema && on.ref.table === table
}
