import type { TestProject } from 'vitest/node'
import { startDatabases } from '../databases/index.js'

declare module 'vitest' {
  interface ProvidedContext {
    postgresAdminUrl: string
    mysqlAdminUrl: string
  }
}

/** Starts the database servers before the first test file and ends them after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const databases = await startDatabases()
  project.provide('postgresAdminUrl', databases.postgres.adminUrl)
  project.provide('mysqlAdminUrl', databases.mysql.adminUrl)
  return databases.stop
}
