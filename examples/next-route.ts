// A route of Next.js, or of any framework with web-standard handlers: app/api/tools/route.ts.
// Runs by itself: npm run example:next-route
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { createFunctionTools } from '../adapters/function-calling/index.js'
import { createRunner, defineConfig, type Envelope, isRunnerError, type Receipt } from '../src/index.js'

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
    },
  ],
})
const runner = createRunner(config, { base_dir: folder, logger: { info: () => {}, warn: console.error } })

// #region route
/** Who is logged in: `auth()` of your app. Here a cookie stands for it. */
const userOf = (request: Request) => {
  const [, id] = /(?:^|; )user=(\w+)/.exec(request.headers.get('cookie') ?? '') ?? []
  return id === undefined ? undefined : { id, org: 'acme' }
}

const source = runner.sessionsFrom((request) => {
  const user = userOf(request as Request)
  return user && { tenant_id: user.org, principal: 'web_agent', on_behalf_of: user.id }
})
const { call } = createFunctionTools(source, { format: 'openai-responses' })

export async function POST(request: Request): Promise<Response> {
  const { name, args } = (await request.json()) as { readonly name: string; readonly args: unknown }
  return Response.json(await call(name, args, request))
}

/** app/api/proposals/[id]/approve/route.ts: the other half, for the person who decides. */
export async function approve(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const user = userOf(request)
  if (user === undefined) return new Response(null, { status: 401 })
  const { hash } = (await request.json()) as { readonly hash: string }
  const { id } = await params
  try {
    await runner.reviewer({ id: user.id, tenant_id: user.org }).approve(id, { hash })
    return Response.json(await runner.apply(id))
  } catch (error) {
    if (!isRunnerError(error)) throw error
    return Response.json(error, { status: 409 })
  }
}
// #endregion

const requestOf = (user: string | undefined, body: unknown) =>
  new Request('http://localhost/api', {
    method: 'POST',
    headers: user === undefined ? {} : { cookie: `user=${user}` },
    body: JSON.stringify(body),
  })

await runner.migrate('desk')
const toolCall = { name: 'desk__propose_closing', args: { ticket_id: 'TCK-1' } }
const toolAnswer = async (user?: string) => (await (await POST(requestOf(user, toolCall))).json()) as Envelope
console.log('Nobody is logged in:', (await toolAnswer()).error?.code)
const { proposal } = await toolAnswer('ann')
console.log('ann asks:', proposal?.status)
const decided = await approve(requestOf('dana', { hash: proposal?.hash }), {
  params: Promise.resolve({ id: proposal?.id ?? '' }),
})
console.log('dana approves:', ((await decided.json()) as Receipt).status)

await runner.close()
rmSync(folder, { recursive: true })
