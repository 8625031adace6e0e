import pg from 'pg'

/** Logs in once and tells the version of the server and whether one came in as a superuser. */
export async function loginToPostgres(url: string): Promise<{ version: string; isAdministrator: boolean }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const { rows } = await client.query<{ version: string; superuser: boolean }>(
      `select current_setting('server_version') as version, rolsuper as superuser
         from pg_roles where rolname = current_user`,
    )
    const [row] = rows
    return { version: `PostgreSQL ${row?.version}`, isAdministrator: row?.superuser === true }
  } finally {
    await client.end()
  }
}
