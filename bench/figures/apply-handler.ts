import { Agent, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import type { Config } from '../../src/index.js'
import type { HandlerRequest } from '../../src/protocol/handler.js'
import { contractOf, invoiceId, PROPOSE, type SourceOfContract, TENANT } from '../contract.js'
import type { Bench, Figure } from '../figure.js'
import { apply as applyOne, approvedProposals } from '../loop.js'
import { compare, describeEffort, totalCalls } from '../measure.js'
import { openPostgres } from '../worlds/postgres.js'

const GOAL = 1.3
const TOKEN = 'token-of-the-handler-4cb1f0aa0c7e4f9b'
const SECRET = 'secret-for-signatures-9e107d9d372bb682'

/**
 * A whole apply through an HTTP handler of the app, against one signed request that somebody sends to the same handler by
 * hand. The app updates the row in a transaction of its own, with a receipt.
 */
export const applyHandler: Figure = {
  name: 'apply-handler',
  measure: async (bench) => {
    const effort = bench.quick ? { calls: 200, times: 2, warmup: 100 } : { calls: 1000, times: 3, warmup: 200 }
    const each = totalCalls(effort)
    const place = { url: '' }
    const world = await openPostgres(bench, 2 * each, { contract: withHandler, env: handlerEnv(place) })
    const app = await openApp(bench, world.urls.writer_url)
    place.url = app.url
    const agent = new Agent()
    try {
      const proposals = (await approvedProposals(world.runner, each)).values()
      let body = ''
      const times = await compare({
        ...effort,
        prepare: async (call) => {
          body = JSON.stringify(requestOf(bench, each + call, await app.version(each + call)))
        },
        ours: () => applyOne(world.runner, next(proposals)),
        reference: () => post(bench, { agent, url: app.url, body }),
      })
      return [
        { name: 'apply-handler', engine: 'postgres', ...times, goal: GOAL, unit: 'ms', note: describeEffort(effort) },
      ]
    } finally {
      agent.destroy()
      await app.close()
      await world.close()
    }
  },
}

function withHandler(source: SourceOfContract): Config {
  const contract = contractOf(source)
  return {
    ...contract,
    executors: {
      app: {
        type: 'http_handler',
        url_env: 'APP_URL',
        auth: { type: 'bearer_env', token_env: 'APP_TOKEN' },
        signing_secret_env: 'APP_SECRET',
      },
    },
    capabilities: (contract.capabilities ?? []).map((each) =>
      each.kind === 'proposal' ? { ...each, executor: 'app' } : each,
    ),
  }
}

/** The port of the app is known once it listens, and looked up at the first apply. */
function handlerEnv(place: { url: string }) {
  return {
    APP_TOKEN: TOKEN,
    APP_SECRET: SECRET,
    get APP_URL() {
      return place.url
    },
  }
}

async function openApp({ library }: Bench, url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  const database = library.postgresDatabase(pool)
  await library.migrateHandler(database)
  const handler = library.createWritebackHandler({
    token: TOKEN,
    signing_secret: SECRET,
    database,
    logger: { info: () => undefined, warn: () => undefined },
    capabilities: {
      [PROPOSE]: async ({ patch, object_id, tenant_id }, client) => {
        await client.query(
          `update invoices set late_fee_cents = $1, waiver_reason = $2, updated_at = clock_timestamp()
           where id = $3 and tenant_id = $4`,
          [patch.late_fee_cents, patch.waiver_reason, object_id, tenant_id],
        )
      },
    },
  })
  const server = createServer(library.toNodeHandler(handler))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/writeback`,
    version: async (number: number) => {
      const { rows } = await pool.query<{ version: string }>(
        `select (updated_at at time zone 'UTC')::text || '+00' as version from invoices where id = $1`,
        [invoiceId(number)],
      )
      return rows[0]?.version ?? ''
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await pool.end()
    },
  }
}

function requestOf({ library }: Bench, number: number, version: string): HandlerRequest {
  const key = `bare-${number}`
  const patch = { late_fee_cents: number % 10_000, waiver_reason: 'outage' }
  return {
    schema_version: library.HANDLER_SCHEMA_VERSION,
    writeback_job_id: `hwb_${key}`,
    proposal_id: key,
    idempotency_key: key,
    executor: 'app',
    dry_run: false,
    change_set: {
      action: PROPOSE,
      scope: { tenant_id: TENANT, principal: 'bench', object_type: 'invoices', object_id: invoiceId(number) },
      before: { late_fee_cents: 5500, waiver_reason: null },
      patch,
      after: patch,
      guards: { expected_version: { column: 'updated_at', value: version } },
      evidence: { bundle_id: 'ev_none' },
    },
    target: {
      schema: 'public',
      table: 'invoices',
      primary_key: { column: 'id', value: invoiceId(number) },
      tenant_key: { column: 'tenant_id', value: TENANT },
    },
  }
}

/** Sends one signed request, and fails unless the app has applied it. */
async function post({ library }: Bench, { agent, url, body }: { agent: Agent; url: string; body: string }) {
  const seconds = Math.floor(Date.now() / 1000)
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    authorization: `Bearer ${TOKEN}`,
    [library.HANDLER_HEADERS.timestamp]: String(seconds),
    [library.HANDLER_HEADERS.signature]: library.signHandlerBody(SECRET, seconds, body),
  }
  const text = await new Promise<string>((resolve, reject) => {
    const sent = httpRequest(url, { agent, method: 'POST', headers }, (response) => {
      let received = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        received += chunk
      })
      response.on('end', () => resolve(received))
    })
    sent.on('error', reject)
    sent.end(body)
  })
  if (JSON.parse(text).status !== 'applied') throw new Error(`A bare request was not applied: ${text}`)
}

function next<Item>(items: Iterator<Item, unknown>): Item {
  const item = items.next()
  if (item.done === true) throw new Error('There are fewer proposals than calls.')
  return item.value
}
