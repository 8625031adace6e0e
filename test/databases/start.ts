import { startDatabases } from './index.js'

const databases = await startDatabases({ durable: process.argv.includes('--durable') })
process.stdout.write(`TEST_POSTGRES_URL=${databases.postgres.adminUrl}\n`)
process.stdout.write(`TEST_MYSQL_URL=${databases.mysql.adminUrl}\n`)

// Nothing else keeps the process; it stays until it is told to go.
const stay = setInterval(() => {}, 60_000)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    clearInterval(stay)
    await databases.stop()
  })
}
