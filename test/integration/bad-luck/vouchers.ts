import type { Config, Proposal, Runner } from '../../../src/index.js'
import type { Shop } from '../loop/shop.js'

/**
 * Vouchers count their changes: `revision` moves by exactly one with each. The audited ones are also watched by a
 * trigger, which the runner neither reads nor knows.
 */
export const TABLES = ['vouchers', 'audited_vouchers'] as const
export type VoucherTable = (typeof TABLES)[number]

const person = { id: 'dana' }
const session = { tenant_id: 'acme', principal: 'support_agent_17' }

/** The contract over both tables. */
export function voucherContract(source: Shop['source']): Config {
  const contract: unknown = {
    version: 1,
    mode: 'review',
    sources: { shop: { ...source, ...limits(source.engine) } },
    capabilities: TABLES.map((table) => ({
      name: `${table}.propose_note`,
      kind: 'proposal',
      source: 'shop',
      target: { table, primary_key: 'id', tenant_key: 'tenant_id' },
      args: { id: { type: 'string' }, note: { type: 'string' } },
      lookup: { id_from_arg: 'id' },
      visible_columns: ['id', 'note'],
      patch: { note: { from_arg: 'note' } },
      allowed_columns: ['note'],
      conflict_guard: { column: 'revision' },
    })),
  }
  return contract as Config
}

/** Short waits, so that a silent network is given up soon. */
function limits(engine: Shop['engine']): object {
  return engine === 'sqlite'
    ? { statement_timeout_ms: 3000 }
    : { statement_timeout_ms: 500, pool: { acquire_timeout_ms: 1500 } }
}

export async function createVouchers(shop: Shop): Promise<void> {
  for (const table of TABLES) {
    await shop.run(`create table ${table} (id varchar(64) primary key not null, tenant_id varchar(64) not null,
      note varchar(200), revision integer not null)`)
    if (shop.engine === 'postgres') await shop.run(`grant select, update on ${table} to public`)
  }
  await shop.run(
    'create table voucher_audit (id varchar(64) not null, before_revision integer, after_revision integer)',
  )
  if (shop.engine === 'postgres') await shop.run('grant select on voucher_audit to public')
  await shop.run(TRIGGERS[shop.engine])
}

const RECORD = 'insert into voucher_audit values (new.id, old.revision, new.revision)'
const TRIGGERS: Record<Shop['engine'], string> = {
  postgres: `create function watch_vouchers() returns trigger language plpgsql security definer as $$
      begin insert into public.voucher_audit values (new.id, old.revision, new.revision); return null; end $$;
    create trigger watching after update on audited_vouchers for each row execute function watch_vouchers()`,
  mysql: `create trigger watching after update on audited_vouchers for each row ${RECORD}`,
  sqlite: `create trigger watching after update on audited_vouchers begin ${RECORD}; end`,
}

let vouchers = 0

/** A new voucher and an approved change of it. */
export async function approvedChange(shop: Shop, runner: Runner, table: VoucherTable): Promise<Proposal> {
  // Equal lengths, so that an apply sends equally many bytes each time.
  const id = `V-${String(++vouchers).padStart(6, '0')}`
  await shop.run(`insert into ${table} values ('${id}', 'acme', null, 1)`)
  const proposed = await runner.session(session).propose(`${table}.propose_note`, { id, note: `note of ${id}` })
  return runner.approve(proposed.id, { hash: proposed.hash, approver: person })
}

/** What is wrong with the end of a story: the row, the trigger, the receipts and the ledger must tell the same one. */
export async function contradictions(witness: Witness, runner: Runner, id: string): Promise<readonly string[]> {
  const { status, frozen, receipt } = await runner.proposals.get(id)
  const voucher = frozen.target.primary_key.value.text ?? ''
  const seen = await witness.look(frozen.target.table, voucher, id)
  const changes = status === 'applied' ? 1 : 0
  const told: readonly (readonly [what: string, actual: unknown, expected: unknown])[] = [
    ['is settled', ['applied', 'failed'].includes(status), true],
    ['changes by revision', seen.revision - 1, changes],
    ['the note', seen.note, changes === 1 ? `note of ${voucher}` : null],
    ['applied receipts in the source', seen.receipts, changes],
    ['changes by audit', seen.audits, frozen.target.table === 'audited_vouchers' ? changes : 0],
    ['rows affected by receipt', receipt?.rows_affected, changes],
    ['mutated by receipt', receipt?.source_database_mutated, changes === 1],
    ['receipts in the ledger', (await runner.entries.list({ subject: id, type: 'receipt.recorded' })).items.length, 1],
  ]
  return told
    .filter(([, actual, expected]) => actual !== expected)
    .map(([what, actual, expected]) => `${id} (${status}): ${what}: ${String(actual)}, not ${String(expected)}`)
}

/** Looks at the source beside the runner. */
export interface Witness {
  look(table: string, voucher: string, key: string): Promise<Seen>
  close(): Promise<void>
}

interface Seen {
  readonly revision: number
  readonly note: string | null
  readonly receipts: number
  readonly audits: number
}
