// The app: an HTTP server with its own database and its own rules. The runner asks it, over HTTP, for what was approved.
//
//   APP_DATABASE_URL=postgres://app:…@localhost/shop APP_TOKEN=… APP_SIGNING_SECRET=… PORT=8787 \
//     node --import tsx examples/app-handler/app/server.ts
import { createServer } from 'node:http'
import pg from 'pg'
import { createWritebackHandler, postgresDatabase, toNodeHandler } from '../../../src/handler/index.js'
import { actions } from './actions.js'

const { APP_DATABASE_URL, APP_TOKEN = '', APP_SIGNING_SECRET = '', PORT = '0' } = process.env

// #region handler
const pool = new pg.Pool({ connectionString: APP_DATABASE_URL })
// Without somebody who listens, a lost connection that nobody uses ends the process.
pool.on('error', ({ message }) => console.error(message))
const writeback = toNodeHandler(
  createWritebackHandler({
    token: APP_TOKEN,
    signing_secret: APP_SIGNING_SECRET,
    database: postgresDatabase(pool, { lock_wait_ms: 30_000 }),
    capabilities: actions,
    on_error: (error) => console.error(error),
  }),
)

const server = createServer((request, response) => {
  if (request.url === '/writeback') return writeback(request, response)
  response.writeHead(404).end()
})
// #endregion

server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : PORT
  console.log(`the app listens at http://127.0.0.1:${port}/writeback`)
})

process.once('SIGTERM', async () => {
  server.close()
  await pool.end()
})
