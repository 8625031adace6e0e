import { afterAll, beforeAll, describe } from 'vitest'
import { type Ailment, ailmentCases } from './cases.js'
import { type Clinic, openMysqlClinic } from './clinic.js'

const READER: readonly Ailment[] = [
  ...(['update', 'insert', 'delete', 'trigger', 'create', 'alter', 'drop', 'index', 'create view'] as const).map(
    (right): Ailment => ({
      title: `the reader was granted ${right}`,
      spoil: ({ reader }) => `grant ${right} on invoices to ${reader}`,
      reason: 'READER_CAN_WRITE',
      severity: 'error',
    }),
  ),
  {
    title: 'the reader was granted update of one column',
    spoil: ({ reader }) => `grant update (late_fee_cents) on invoices to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader may write a table with an odd name',
    spoil: ({ reader }) =>
      `create table \`o\`\`dd; drop table invoices\` (id integer); grant update on \`o\`\`dd; drop table invoices\` to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
    after: () => `drop table \`o\`\`dd; drop table invoices\``,
  },
  {
    title: 'the reader may write receipts',
    spoil: ({ reader }) => `grant insert on synapsor_writeback_receipts to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader may write the whole database',
    spoil: ({ reader, database }) => `grant select, update on ${database}.* to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader has every right to the database',
    spoil: ({ reader, database }) => `grant all privileges on ${database}.* to ${reader} with grant option`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader may write databases of a pattern',
    spoil: ({ reader, database }) => `grant update on \`${database.replaceAll('_', '\\_')}\`.* to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader may write everything',
    spoil: ({ reader }) => `grant update on *.* to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader may call every routine',
    spoil: ({ reader, database }) => `grant execute on ${database}.* to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader would have to take on a role that may write',
    spoil: ({ reader, group }) => `grant update on invoices to ${group}; grant ${group} to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
    after: ({ group }) => `revoke update on invoices from ${group}`,
  },
  {
    title: 'the reader begins with a role that may write',
    spoil: ({ reader, group }) =>
      `grant delete on invoices to ${group}; grant ${group} to ${reader}; set default role ${group} for ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
    after: ({ reader, group }) => `set default role none for ${reader}; revoke delete on invoices from ${group}`,
  },
  ...(['super', 'create user', 'file', 'reload', 'replication slave', 'shutdown'] as const).map(
    (right): Ailment => ({
      title: `the reader was granted ${right}`,
      spoil: ({ reader }) => `grant ${right} on *.* to ${reader}`,
      reason: 'READER_TOO_POWERFUL',
      severity: 'error',
    }),
  ),
  {
    title: 'the reader has every right there is',
    spoil: ({ reader }) => `grant all privileges on *.* to ${reader} with grant option`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
  },
  {
    title: 'the reader may call a routine that writes with the rights of its maker',
    spoil: ({
      reader,
      database,
    }) => `create procedure wipe() sql security definer update invoices set late_fee_cents = 0;
      grant execute on procedure ${database}.wipe to ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
    after: () => 'drop procedure wipe',
  },
  {
    title: 'the reader sees hidden columns',
    spoil: ({ reader }) => `grant select on invoices to ${reader}`,
    reason: 'READER_SEES_MORE',
    severity: 'warning',
  },
  {
    title: 'the reader sees one hidden column',
    spoil: ({ reader }) => `grant select (card_number) on invoices to ${reader}`,
    reason: 'READER_SEES_MORE',
    severity: 'warning',
  },
  {
    title: 'the reader sees the whole database',
    spoil: ({ reader, database }) => `grant select on ${database}.* to ${reader}`,
    reason: 'READER_SEES_MORE',
    severity: 'warning',
  },
  {
    title: 'the reader sees the password hashes',
    spoil: ({ reader }) => `grant select on mysql.* to ${reader}`,
    reason: 'READER_SEES_MORE',
    severity: 'warning',
  },
  {
    title: 'the reader sees what others run',
    spoil: ({ reader }) => `grant process on *.* to ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'warning',
  },
  {
    title: 'the reader lacks a column',
    spoil: ({ reader }) => `revoke select (customer) on invoices from ${reader}`,
    reason: 'READER_LACKS',
    severity: 'error',
  },
]

const AROUND: readonly Ailment[] = [
  {
    title: 'a view that the reader sees runs with the rights of its maker',
    spoil: ({ reader, database }) => `create function fee() returns integer sql security definer modifies sql data
      begin update ${database}.invoices set late_fee_cents = 0; return 1; end;
      create sql security definer view paid as select fee() as fee; grant select on paid to ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
    after: () => 'drop view paid; drop function fee',
  },
  {
    title: 'everybody may write the table',
    spoil: () => 'grant update on invoices to public',
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader may write a table whose name holds line breaks',
    spoil: ({ reader }) => `create table \`odd\ndrop table invoices;\n#\` (id integer);
      grant update on \`odd\ndrop table invoices;\n#\` to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
    cure: ({ reader }) => `revoke update on \`odd\ndrop table invoices;\n#\` from ${reader};
      drop table \`odd\ndrop table invoices;\n#\``,
  },
]

const WRITER: readonly Ailment[] = [
  {
    title: 'the writer lacks the version column',
    spoil: ({ writer }) => `revoke update (updated_at) on invoices from ${writer}`,
    reason: 'WRITER_LACKS',
    severity: 'error',
  },
  {
    title: 'the writer cannot leave receipts',
    spoil: ({ writer }) => `revoke insert on synapsor_writeback_receipts from ${writer}`,
    reason: 'WRITER_LACKS',
    severity: 'error',
  },
  {
    title: 'the writer may update every column',
    spoil: ({ writer }) => `grant update on invoices to ${writer}`,
    reason: 'WRITER_TOO_WIDE',
    severity: 'warning',
  },
  {
    title: 'the writer may write the whole database',
    spoil: ({ writer, database }) => `grant select, insert, update, create on ${database}.* to ${writer}`,
    reason: 'WRITER_TOO_WIDE',
    severity: 'warning',
  },
  {
    title: 'the writer may change receipts',
    spoil: ({ writer }) => `grant update, delete on synapsor_writeback_receipts to ${writer}`,
    reason: 'RECEIPTS_UNPROTECTED',
    severity: 'warning',
  },
  {
    title: 'the writer may do anything',
    spoil: ({ writer }) => `grant all privileges on *.* to ${writer}`,
    reason: 'WRITER_TOO_POWERFUL',
    severity: 'error',
  },
  {
    title: 'the writer may write files of the server',
    spoil: ({ writer }) => `grant file on *.* to ${writer}`,
    reason: 'WRITER_TOO_POWERFUL',
    severity: 'error',
  },
]

const TABLES: readonly Ailment[] = [
  {
    title: 'a trigger that the writer is shown may change other columns',
    spoil: ({ reader, writer }) =>
      `create trigger tag before update on invoices for each row set new.customer = 'x';
      grant trigger on invoices to ${reader}, ${writer}`,
    reason: 'TRIGGERS',
    severity: 'warning',
    cure: () => 'drop trigger tag',
  },
  {
    title: 'no index begins with the tenant',
    spoil: () => 'drop index by_tenant on invoices',
    reason: 'TENANT_NOT_INDEXED',
    severity: 'warning',
  },
  {
    title: 'the version may be NULL',
    spoil: () => 'alter table invoices modify updated_at datetime(6)',
    reason: 'VERSION_NULLABLE',
    severity: 'warning',
    after: () => 'alter table invoices modify updated_at datetime(6) not null default current_timestamp(6)',
  },
  {
    title: 'the receipts table is gone',
    spoil: () => 'drop table synapsor_writeback_receipts',
    reason: 'RECEIPTS_MISSING',
    severity: 'error',
  },
  {
    title: 'receipts are told apart by a collation',
    spoil: () => 'alter table synapsor_writeback_receipts modify `key` varchar(64) collate utf8mb4_general_ci',
    reason: 'RECEIPTS_UNFIT',
    severity: 'error',
    cure: () => 'alter table synapsor_writeback_receipts modify `key` varbinary(64) not null',
  },
  {
    title: 'receipts are kept by an engine that cannot roll back',
    spoil: () => 'alter table synapsor_writeback_receipts engine = MyISAM',
    reason: 'RECEIPTS_UNFIT',
    severity: 'error',
    cure: () => 'alter table synapsor_writeback_receipts engine = InnoDB',
  },
  {
    title: 'the table cannot roll back',
    spoil: () => 'alter table invoices engine = MyISAM',
    reason: 'NOT_TRANSACTIONAL',
    severity: 'error',
    cure: () => 'alter table invoices engine = InnoDB',
  },
  {
    title: 'a column is not utf8mb4',
    spoil: () => 'alter table invoices modify customer varchar(100) character set latin1 not null',
    reason: 'CHARSET',
    severity: 'error',
    cure: () => 'alter table invoices modify customer varchar(100) character set utf8mb4 not null',
  },
  {
    title: 'the version is coarse',
    spoil: () => 'alter table invoices modify updated_at datetime not null',
    reason: 'COARSE_VERSION',
    severity: 'error',
    cure: () => 'alter table invoices modify updated_at datetime(6) not null default current_timestamp(6)',
  },
]

describe('the doctor on mysql', () => {
  let clinic: Clinic
  beforeAll(async () => {
    clinic = await openMysqlClinic()
  })
  afterAll(() => clinic.close())

  ailmentCases(() => clinic, [...READER, ...AROUND, ...WRITER, ...TABLES])
})
