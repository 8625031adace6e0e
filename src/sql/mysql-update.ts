/** How MySQL spells the steps of a guarded update. All values are bound, in the order in which a statement names them. */

import type { ColumnInfo, TableRef } from './dialect.js'
import type { MigrationRequest } from './migrations.js'
import { bindMatch, hasText, matches, mysqlDialect, quote, quoteTable, textOf } from './mysql.js'
import { readerNeeds, renderGrant, writerNeeds } from './table-grants.js'

/** The names that a guarded update depends on. Its statements are rendered from them once; values are bound. */
export interface UpdateShape {
  readonly table: TableRef
  readonly receipts: TableRef | null
  readonly key: ColumnInfo
  readonly tenant: ColumnInfo | null
  /** Columns to set. */
  readonly set: readonly ColumnInfo[]
  /** Columns that must be as proposed for the row to be found. */
  readonly expected: readonly ColumnInfo[]
  /** Columns that the change names: they must be as approved afterwards. */
  readonly named: readonly ColumnInfo[]
  /** All others that the server does not move by itself: they must stay as they are. */
  readonly kept: readonly ColumnInfo[]
}

const LONG = /^(tinytext|text|mediumtext|longtext|tinyblob|blob|mediumblob|longblob|json|geo\w+)\b/

export interface UpdateSteps {
  /** Reads named and kept columns and keeps others from changing the row. Binds the scope. */
  readonly lock: string
  /** Reads the row as it is in this transaction. Binds the scope. */
  readonly read: string
  /** Binds what to set, the scope, and what is expected. */
  readonly update: string
  /**
   * Leaves the receipt only when named and kept columns are as bound, so that neither is there without the other.
   * Without receipts it answers a row instead. Binds the receipt's five values if there is one, the scope, the columns.
   */
  readonly record: string
}

/** The update in the steps of a transaction, each of which goes to the server and back. */
export function renderSteps(shape: UpdateShape): UpdateSteps {
  const { table, where, asProposed, asApproved } = partsOf(shape)
  const read = `select ${[...shape.named.map(textOf), ...shape.kept.map(keptText)].join(', ')} from ${table} where ${where}`
  const asKept = shape.kept.map((column) => ` and cast(${keptText(column)} as binary) <=> cast(? as binary)`).join('')
  return {
    lock: `${read} for update`,
    read,
    update: `update ${table} set ${assignments(shape)} where ${where}${asProposed}`,
    record: recordRow(shape, `from ${table} where ${where}${asApproved}${asKept}`),
  }
}

/**
 * The whole update as one compound statement, which MariaDB takes prepared and bound like any other: lock and compare,
 * update, leave the receipt if all is as approved, commit. Answers one word. An error leaves the transaction rolled
 * back, unless it is one that no handler can catch.
 */
export function renderBlock(shape: UpdateShape): string {
  const { table, where, asProposed, asApproved } = partsOf(shape)
  const image = imageOf(shape.kept)
  return `begin not atomic
  declare kept varbinary(64) default null;
  declare exit handler for sqlexception begin rollback; resignal; end;
  start transaction;
  select ${image} into kept from ${table} where ${where}${asProposed} for update;
  if kept is null then
    rollback;
    select 'unmatched';
  else
    update ${table} set ${assignments(shape)} where ${where}${asProposed};
    ${recordRow(shape, `from ${table} where ${where}${asApproved} and ${image} <=> kept`)};
    if row_count() = 1 then
      commit;
      select 'applied';
    else
      rollback;
      select 'mismatched';
    end if;
  end if;
end`
}

/** The values of {@link renderBlock}, in its order. */
export function bindBlock(values: {
  readonly scope: readonly string[]
  readonly set: readonly (string | null)[]
  readonly expected: readonly (string | null)[]
  readonly receipt: readonly (string | null)[]
  readonly named: readonly (string | null)[]
}): readonly (string | null)[] {
  const { scope, set, expected, receipt, named } = values
  return [...scope, ...expected, ...set, ...scope, ...expected, ...receipt, ...scope, ...named]
}

function partsOf(shape: UpdateShape) {
  return {
    table: quoteTable(shape.table),
    where: [shape.key, ...(shape.tenant ? [shape.tenant] : [])].map(matches).join(' and '),
    asProposed: shape.expected.map((column) => ` and ${hasText(column)}`).join(''),
    asApproved: shape.named.map((column) => ` and ${hasText(column)}`).join(''),
  }
}

function assignments({ set }: UpdateShape): string {
  return set.map(({ name }) => `${quote(name)} = ?`).join(', ')
}

function recordRow({ receipts }: UpdateShape, from: string): string {
  if (!receipts) return `select 1 ${from}`
  return `insert into ${quoteTable(receipts)} (${RECEIPT_COLUMNS}) select ?, 'applied', ?, ?, ?, ?, now(6) ${from}`
}

/** A long column that is not part of the change is compared by its hash, so that it stays in the server. */
function keptText(column: ColumnInfo): string {
  return LONG.test(column.type) ? `sha2(${quote(column.name)}, 256)` : textOf(column)
}

/** One hash over columns, in which NULL is no text and no two rows share a spelling. */
function imageOf(columns: readonly ColumnInfo[]): string {
  if (columns.length === 0) return `'none'`
  const texts = columns.map((column) => `coalesce(hex(cast(${keptText(column)} as binary)), '-')`)
  return `cast(sha2(concat_ws(',', ${texts.join(', ')}), 256) as binary)`
}

/** The values of the scope: key and tenant. */
export function bindScope({ key, tenant }: UpdateShape, keyText: string, tenantText: string | null): readonly string[] {
  return [...bindMatch(key, keyText), ...(tenant ? bindMatch(tenant, tenantText ?? '') : [])]
}

const RECEIPT_COLUMNS = '`key`, kind, proposal_hash, anchor, previous_version, new_version, executed_at'

/** Binds the key. */
export function selectReceipt(receipts: TableRef): string {
  const executed_at = `date_format(executed_at, '%Y-%m-%dT%H:%i:%s.%fZ')`
  const columns = RECEIPT_COLUMNS.replace('`key`', 'convert(`key` using utf8mb4)').replace('executed_at', executed_at)
  return `select ${columns} from ${quoteTable(receipts)} where \`key\` = cast(? as binary)`
}

/** Binds key, proposal hash and anchor. Waits for a transaction in flight on the key. */
export function insertTombstone(receipts: TableRef): string {
  return `insert into ${quoteTable(receipts)} (${RECEIPT_COLUMNS}) values (?, 'tombstone', ?, ?, null, null, now(6))`
}

/** Creates the receipts table. Keys are bytes: under a collation two of them could be one. */
export function createReceipts(receipts: TableRef): string {
  return `create table if not exists ${quoteTable(receipts)} (
  \`key\` varbinary(64) not null primary key,
  kind varchar(9) not null,
  proposal_hash varchar(255) not null,
  anchor varchar(255) not null,
  previous_version text,
  new_version text,
  executed_at datetime(6) not null,
  check (kind in ('applied', 'tombstone'))
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin`
}

/** What the two users need and no more. */
export function grants({ receipts, tables, reader, writer }: MigrationRequest): string {
  return [
    ...readerNeeds({ receipts, tables }).map((need) => renderGrant(mysqlDialect, need, user(reader))),
    ...writerNeeds({ receipts, tables }).map((need) => renderGrant(mysqlDialect, need, user(writer))),
  ].join('\n')
}

function user(name: string): string {
  return `${quote(name)}@'%'`
}
