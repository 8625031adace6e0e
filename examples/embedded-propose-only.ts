// An app that lets its users ask for changes. What its routes hold cannot approve or apply any.
// Runs by itself: node --import tsx examples/embedded-propose-only.ts
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { createRunner, defineConfig, type Runner } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
new DatabaseSync(join(folder, 'support.db')).exec(`
  create table tickets (id text primary key, tenant_id text not null, status text not null, note text, version integer);
  insert into tickets values ('TCK-1042', 'acme', 'open', null, 1), ('TCK-2042', 'globex', 'closed', null, 1);
`)

const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: { support: { engine: 'sqlite', path: 'support.db' } },
  capabilities: [
    {
      name: 'support.propose_ticket_resolution',
      kind: 'proposal',
      source: 'support',
      target: { table: 'tickets', primary_key: 'id', tenant_key: 'tenant_id' },
      args: {
        ticket_id: { type: 'string', max_length: 64 },
        status: { type: 'string', enum: ['pending_review', 'needs_human'] },
        note: { type: 'string', max_length: 2000 },
      },
      lookup: { id_from_arg: 'ticket_id' },
      visible_columns: ['id', 'status', 'note'],
      patch: { status: { from_arg: 'status' }, note: { from_arg: 'note' } },
      allowed_columns: ['status', 'note'],
      transition_guards: { status: { allowed: { open: ['pending_review', 'needs_human'] } } },
      conflict_guard: { column: 'version' },
    },
  ],
})

// #region desk
interface User {
  readonly id: string
  readonly tenant: string
}

/** What the app's routes get: one user in, one answer out. Nothing in here could approve or apply. */
function createSupportDesk(runner: Pick<Runner<typeof config>, 'session'>) {
  const sessionOf = (user: User) =>
    runner.session({ tenant_id: user.tenant, principal: 'support_desk', on_behalf_of: user.id })

  return {
    /** `args` is what a model or a form sent, unchecked. The answer is always an envelope, never a throw. */
    resolve: (user: User, args: unknown) => sessionOf(user).call('support.propose_ticket_resolution', args),

    /** For a page that shows whether somebody has decided. */
    status: (user: User, proposalId: string) => sessionOf(user).status(proposalId),
  }
}
// #endregion

const runner = createRunner(config, { base_dir: folder })

// #region use
const desk = createSupportDesk(runner)
const ann = { id: 'ann', tenant: 'acme' }

const answer = await desk.resolve(ann, { ticket_id: 'TCK-1042', status: 'pending_review', note: 'Reset the password.' })
console.log(answer.proposal?.status, answer.proposal?.diff, answer.source_database_changed)

const wrongTenant = await desk.resolve(ann, { ticket_id: 'TCK-2042', status: 'needs_human', note: 'Please look.' })
console.log(wrongTenant.error?.code)

const madeUp = await desk.resolve(ann, '{"ticket_id":"TCK-1042","status":"closed","note":"x","tenant_id":"globex"}')
console.log(madeUp.error?.code, madeUp.error?.message)

const view = await desk.status(ann, answer.proposal?.id ?? '')
console.log(view.status, 'waiting for:', view.awaiting)
// #endregion

await runner.close()
rmSync(folder, { recursive: true })
