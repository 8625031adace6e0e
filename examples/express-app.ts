// An app with its own users: an agent asks for changes, and a person decides on a page of the same app.
// Runs by itself: npm run example:express-app
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import express, { type ErrorRequestHandler, type Request } from 'express'
import { createFunctionTools } from '../adapters/function-calling/index.js'
import {
  createRunner,
  defineConfig,
  type Envelope,
  type ErrorShape,
  isRunnerError,
  type Page,
  type ProposalSummary,
  type Receipt,
} from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
new DatabaseSync(join(folder, 'tickets.db')).exec(`
  create table tickets (id text primary key, tenant_id text not null, status text not null, version integer not null);
  insert into tickets values ('TCK-1', 'acme', 'open', 1);
`)
const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: { desk: { engine: 'sqlite', path: 'tickets.db' } },
  capabilities: [
    {
      name: 'desk.propose_closing',
      kind: 'proposal',
      source: 'desk',
      target: { table: 'tickets', primary_key: 'id', tenant_key: 'tenant_id' },
      args: { ticket_id: { type: 'string' } },
      lookup: { id_from_arg: 'ticket_id' },
      visible_columns: ['id', 'status'],
      patch: { status: { fixed: 'closed' } },
      allowed_columns: ['status'],
      conflict_guard: { column: 'version' },
      approval: { mode: 'human', required_role: 'desk_lead' },
    },
  ],
})

// #region users
/** The app's own users. A real app looks into its session store and its table of roles. */
const USERS = new Map([
  ['ann', { tenant_id: 'acme', roles: [] }],
  ['dana', { tenant_id: 'acme', roles: ['desk_lead'] }],
])

/** Who is logged in. Here a header says so, to keep the example short: use your session instead. */
function userOf(request: Request) {
  const id = request.get('x-user') ?? ''
  const user = USERS.get(id)
  if (user === undefined) throw new Error('Nobody is logged in.')
  return { id, ...user }
}

const runner = createRunner(config, {
  base_dir: folder,
  logger: { info: () => {}, warn: console.error },
  // Asked when somebody decides, and again when the change is applied.
  approvers: async (id, { tenant_id }) => {
    const user = USERS.get(id)
    return user?.tenant_id === tenant_id ? { id, roles: user.roles } : undefined
  },
})
// #endregion

// #region routes
const source = runner.sessionsFrom((request) => {
  const { tenant_id, id } = userOf(request as Request)
  return { tenant_id, principal: 'desk_agent', on_behalf_of: id }
})
const { call } = createFunctionTools(source, { format: 'anthropic' })

const app = express().use(express.json())

/** Called by the agent's loop, for the user who is logged in. */
app.post('/tools/:name', async (request, response) => {
  response.json(await call(request.params.name, request.body, request))
})

/** The card that a person decides on. */
app.get('/proposals', async (request, response) => {
  const { id, tenant_id } = userOf(request)
  response.json(await runner.reviewer({ id, tenant_id }).queue())
})

/** The decision, bound to the hash that was on the card; what is approved is applied at once. */
app.post('/proposals/:id/approve', async (request, response) => {
  const { id, tenant_id } = userOf(request)
  try {
    await runner.reviewer({ id, tenant_id }).approve(request.params.id, { hash: request.body.hash })
    response.json(await runner.apply(request.params.id))
  } catch (error) {
    if (!isRunnerError(error)) throw error
    response.status(409).json(error)
  }
})
/** Whoever is not logged in gets no further. */
const unauthorized: ErrorRequestHandler = (_error, _request, response, _next) => void response.status(401).end()
app.use(unauthorized)
// #endregion

await runner.migrate('desk')
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const ask = async <Answer>(user: string, path: string, body?: unknown): Promise<Answer> => {
  const headers = { 'x-user': user, 'content-type': 'application/json' }
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
  return (await fetch(`${url}${path}`, init)).json() as Promise<Answer>
}

const { proposal } = await ask<Envelope>('ann', '/tools/desk__propose_closing', { ticket_id: 'TCK-1' })
console.log('The agent of ann proposes:', proposal?.status, proposal?.diff)

const { items } = await ask<Page<ProposalSummary>>('dana', '/proposals')
console.log('dana sees', items.length, 'card')
const path = `/proposals/${proposal?.id}/approve`
const decision = { hash: items[0]?.hash }
console.log('ann may not decide:', (await ask<ErrorShape>('ann', path, decision)).code)
console.log('dana approves:', (await ask<Receipt>('dana', path, decision)).status)

server.close()
await runner.close()
rmSync(folder, { recursive: true })
