import type { HandlerTemplate } from './template.js'

export const nodeHono: HandlerTemplate = {
  file: 'handler.mjs',
  summary: 'An HTTP handler on Hono and PostgreSQL.',
  install: 'npm install @synapsor/runner hono @hono/node-server pg',
  start: 'node handler.mjs',
  content: `// Takes approved changes from Synapsor Runner over HTTP and makes them in this app's own database, once each.
// Environment: DATABASE_URL, HANDLER_TOKEN and HANDLER_SECRET (32 bytes or more: openssl rand -hex 32), PORT.
import { serve } from '@hono/node-server'
import { createWritebackHandler, migrateHandler, postgresDatabase, refuse } from '@synapsor/runner/handler'
import { Hono } from 'hono'
import pg from 'pg'

const { DATABASE_URL, HANDLER_TOKEN = '', HANDLER_SECRET = '', HOST = '127.0.0.1', PORT = '8787' } = process.env

const pool = new pg.Pool({ connectionString: DATABASE_URL })
// A connection that is lost while nobody uses it is no reason to stop.
pool.on('error', () => {})
const database = postgresDatabase(pool)

const handler = createWritebackHandler({
  token: HANDLER_TOKEN,
  signing_secret: HANDLER_SECRET,
  database,
  // What the app does for each approved capability. Everything runs in one transaction: the row of the request is
  // locked and still what was approved, and what is written through tx is committed together with the receipt.
  capabilities: {
    'billing.propose_late_fee_waiver': async ({ tenant_id, object_id, patch }, tx) => {
      const { rowCount } = await tx.query(
        'update invoices set late_fee_cents = $1, version = version + 1 where id = $2 and tenant_id = $3',
        [patch.late_fee_cents, object_id, tenant_id],
      )
      // A rule of the app that only it knows. Nothing of the above is kept then.
      if (rowCount !== 1) throw refuse('INVOICE_LOCKED')
      return { rows_affected: 1 }
    },
  },
})

// Creates the table of receipts. In production take the SQL of handlerMigration('postgres') into the migrations.
await migrateHandler(database)

const app = new Hono()
app.all('/writeback', (context) => handler(context.req.raw))
serve({ fetch: app.fetch, hostname: HOST, port: Number(PORT) }, () => {
  console.log('Takes approved changes at /writeback.')
})
`,
}
