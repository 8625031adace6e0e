import * as z from 'zod'
import { once } from '../protocol/once.js'
import { envName, filePath, identifier, milliseconds } from './names.js'

const receiptsSchema = once(() =>
  z.strictObject({
    authority: z
      .enum(['source_db', 'runner_ledger'])
      .default('source_db')
      .describe(
        'Where at-most-once is decided: `source_db` by a receipts table in the source, in the transaction of the write; `runner_ledger` by the ledger alone, with the weaker promise.',
      ),
    schema: identifier().exactOptional().describe('Schema of the receipts table; left out, that of the connection.'),
    table: identifier().default('synapsor_writeback_receipts').describe('Name of the receipts table.'),
  }),
)

const poolSchema = once(() =>
  z.strictObject({
    max: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .exactOptional()
      .describe('Most connections open at once, for each credential.'),
    acquire_timeout_ms: milliseconds().exactOptional().describe('Longest wait for a free connection.'),
    idle_timeout_ms: milliseconds().exactOptional().describe('How long an unused connection stays open.'),
  }),
)

const tlsSchema = once(() =>
  z.strictObject({
    ca_env: envName()
      .exactOptional()
      .describe('Environment variable with the path of the authority certificate (PEM).'),
    no_verify: z
      .boolean()
      .default(false)
      .describe('Accept any certificate. For a disposable database only; the validator warns.'),
  }),
)

const common = () => ({
  read_only: z.boolean().default(false).describe('True: nothing is ever written to this source by direct SQL.'),
  statement_timeout_ms: milliseconds().default(3000).describe('Longest time of one statement.'),
  receipts: receiptsSchema().prefault({}).describe('Where the receipts of applied changes are kept.'),
})

const serverSource = once(() =>
  z.strictObject({
    engine: z.enum(['postgres', 'mysql']).describe('The database engine; MariaDB is `mysql`.'),
    read_url_env: envName()
      .exactOptional()
      .describe(
        'Environment variable with the connection URL of the reader. Not needed where the host gives connections.',
      ),
    write_url_env: envName()
      .exactOptional()
      .describe('Environment variable with the connection URL of the writer. Only direct SQL needs it.'),
    ...common(),
    pool: poolSchema().exactOptional().describe('Limits and waits of the connection pools.'),
    tls: tlsSchema().exactOptional().describe('How the server is authenticated.'),
    ssl: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .describe('Options of the database client for TLS, as older contracts have them. Prefer `tls`.'),
  }),
)

const fileSource = once(() =>
  z.strictObject({
    engine: z.literal('sqlite').describe('The database engine.'),
    path: filePath()
      .exactOptional()
      .describe('Database file, relative to the folder of the contract. Not needed where the host gives connections.'),
    ...common(),
  }),
)

/** One database. */
export const sourceSchema = once(() => z.discriminatedUnion('engine', [serverSource(), fileSource()]))
