import type { HandlerTemplate } from './template.js'

export const command: HandlerTemplate = {
  file: 'handler.mjs',
  summary: 'A program for stdin and stdout, on PostgreSQL.',
  install: 'npm install @synapsor/runner pg',
  start: 'node handler.mjs',
  content: `// Takes one approved change from Synapsor Runner on stdin, makes it in this app's own database, once, and answers on
// stdout. Environment: DATABASE_URL. Create the table of receipts before: the SQL of handlerMigration('postgres').
import { postgresDatabase, refuse, runCommandHandler } from '@synapsor/runner/handler'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1 })

await runCommandHandler({
  database: postgresDatabase(pool),
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
await pool.end()
`,
}
