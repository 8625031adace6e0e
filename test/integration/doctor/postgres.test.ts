import { afterAll, beforeAll, describe } from 'vitest'
import { type Ailment, ailmentCases } from './cases.js'
import { type Clinic, openPostgresClinic } from './clinic.js'

const READER: readonly Ailment[] = [
  ...(['update', 'insert', 'delete', 'truncate', 'trigger'] as const).map(
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
      `create table "o""dd; drop table invoices" (id integer); grant update on "o""dd; drop table invoices" to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
    after: () => `drop table "o""dd; drop table invoices"`,
  },
  {
    title: 'the reader may write receipts',
    spoil: ({ reader }) => `grant select, insert on synapsor_writeback_receipts to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader may write a table that no capability names',
    spoil: ({ reader }) => `grant update on payroll to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'everybody may write the table',
    spoil: () => 'grant update on invoices to public',
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader is in a role that may write',
    spoil: ({ reader, group }) => `grant update on invoices to ${group}; grant ${group} to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
    after: ({ group }) => `revoke update on invoices from ${group}`,
  },
  {
    title: 'the reader would have to take on the role that may write',
    spoil: ({ reader, group }) =>
      `alter role ${reader} noinherit; grant update on invoices to ${group}; grant ${group} to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
    after: ({ reader, group }) => `alter role ${reader} inherit; revoke update on invoices from ${group}`,
  },
  {
    title: 'the reader is the writer by a membership',
    spoil: ({ reader, writer }) => `grant ${writer} to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader may move a sequence',
    spoil: ({ reader }) => `grant usage on sequence invoice_numbers to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  {
    title: 'the reader owns the table',
    spoil: ({ reader }) => `alter table invoices owner to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
    cure: ({ reader }) => `alter table invoices owner to current_user;
      grant select (id, tenant_id, customer, late_fee_cents, updated_at) on invoices to ${reader}`,
  },
  {
    title: 'the reader may write all data',
    spoil: ({ reader }) => `grant pg_write_all_data to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
  },
  ...(['superuser', 'bypassrls', 'createrole', 'createdb', 'replication'] as const).map(
    (attribute): Ailment => ({
      title: `the reader is ${attribute}`,
      spoil: ({ reader }) => `alter role ${reader} ${attribute}`,
      reason: 'READER_TOO_POWERFUL',
      severity: 'error',
    }),
  ),
  ...(['pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files', 'pg_monitor'] as const).map(
    (role): Ailment => ({
      title: `the reader is in ${role}`,
      spoil: ({ reader }) => `grant ${role} to ${reader}`,
      reason: 'READER_TOO_POWERFUL',
      severity: 'error',
    }),
  ),
  {
    title: 'the reader may create in the schema',
    spoil: ({ reader }) => `grant create on schema public to ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
  },
  {
    title: 'the reader may create schemas',
    spoil: ({ reader, database }) => `grant create on database ${database} to ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
  },
  {
    title: 'the reader owns a schema',
    spoil: ({ reader }) => `create schema mine authorization ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
    cure: () => 'drop schema mine',
  },
  {
    title: 'everybody may call a function that writes with the rights of its maker',
    spoil: () => `create function wipe("the fee" integer) returns void security definer language sql
      as 'update invoices set late_fee_cents = $1'`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
    after: () => 'drop function wipe',
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
    title: 'the reader sees another table',
    spoil: ({ reader }) => `grant select on payroll to ${reader}`,
    reason: 'READER_SEES_MORE',
    severity: 'warning',
  },
  {
    title: 'the reader sees all data',
    spoil: ({ reader }) => `grant pg_read_all_data to ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'warning',
  },
  {
    title: 'the reader lacks a column',
    spoil: ({ reader }) => `revoke select (customer) on invoices from ${reader}`,
    reason: 'READER_LACKS',
    severity: 'error',
  },
  {
    title: 'the reader lacks the use of the schema',
    spoil: ({ reader }) => `revoke usage on schema public from ${reader}, public`,
    reason: 'READER_LACKS',
    severity: 'error',
  },
]

/** Ways around the tables: other servers, the machine, settings, what is not there yet. */
const BEYOND: readonly Ailment[] = [
  {
    title: 'the reader may use a foreign server, with a mapping of its own',
    spoil: ({ reader }) => `create extension postgres_fdw; create server loopback foreign data wrapper postgres_fdw;
      grant usage on foreign server loopback to ${reader}; create user mapping for ${reader} server loopback`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
    after: () => 'drop extension postgres_fdw cascade',
  },
  {
    title: 'the reader may use a foreign data wrapper',
    spoil: ({ reader }) => `create extension file_fdw; grant usage on foreign data wrapper file_fdw to ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
    after: () => 'drop extension file_fdw cascade',
  },
  {
    title: 'everybody may open connections from the server',
    spoil: () => 'create extension dblink',
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
    after: () => 'drop extension dblink cascade',
  },
  ...(['lo_export(oid, text)', 'lo_import(text)', 'pg_read_file(text)', 'pg_reload_conf()'] as const).map(
    (routine): Ailment => ({
      title: `the reader may call ${routine}`,
      spoil: ({ reader }) => `grant execute on function pg_catalog.${routine} to ${reader}`,
      reason: 'READER_TOO_POWERFUL',
      severity: 'error',
    }),
  ),
  {
    title: 'a function that writes with the rights of its maker lies among those of the server',
    spoil:
      () => `set allow_system_table_mods = on; create function pg_catalog.wipe_all() returns void security definer language sql
      as 'update public.invoices set late_fee_cents = 0'; reset allow_system_table_mods`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
    after: () => 'set allow_system_table_mods = on; drop function pg_catalog.wipe_all; reset allow_system_table_mods',
  },
  {
    title: 'the reader may change settings of the server',
    spoil: ({ reader }) => `grant alter system on parameter archive_command to ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'error',
  },
  {
    title: 'the writer may switch off triggers',
    spoil: ({ writer }) => `grant set on parameter session_replication_role to ${writer}`,
    reason: 'WRITER_TOO_POWERFUL',
    severity: 'error',
  },
  {
    title: 'the reader will be able to write what is made later',
    spoil: ({ reader }) => `alter default privileges in schema public grant insert, update on tables to ${reader}`,
    reason: 'READER_TOO_POWERFUL',
    severity: 'warning',
  },
  {
    title: 'everybody will be able to write what is made later in any schema',
    spoil: () => 'alter default privileges grant update on tables to public',
    reason: 'READER_TOO_POWERFUL',
    severity: 'warning',
  },
  {
    title: 'the reader may write a table whose name holds line breaks',
    spoil: ({ reader }) => `create table "odd\ndrop table invoices;\n" (id integer);
      grant update on "odd\ndrop table invoices;\n" to ${reader}`,
    reason: 'READER_CAN_WRITE',
    severity: 'error',
    cure: () => `drop table "odd\ndrop table invoices;\n"`,
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
    title: 'the writer cannot read whole rows',
    spoil: ({ writer }) => `revoke select on invoices from ${writer}`,
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
    title: 'the writer may update the tenant',
    spoil: ({ writer }) => `grant update (tenant_id) on invoices to ${writer}`,
    reason: 'WRITER_TOO_WIDE',
    severity: 'warning',
  },
  {
    title: 'the writer may delete rows',
    spoil: ({ writer }) => `grant delete on invoices to ${writer}`,
    reason: 'WRITER_TOO_WIDE',
    severity: 'warning',
  },
  {
    title: 'the writer may write another table',
    spoil: ({ writer }) => `grant insert on payroll to ${writer}`,
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
    title: 'the writer owns the receipts',
    spoil: ({ writer }) => `alter table synapsor_writeback_receipts owner to ${writer}`,
    reason: 'RECEIPTS_UNPROTECTED',
    severity: 'warning',
  },
  {
    title: 'the writer is a superuser',
    spoil: ({ writer }) => `alter role ${writer} superuser`,
    reason: 'WRITER_TOO_POWERFUL',
    severity: 'error',
  },
  {
    title: 'the writer may create in the schema',
    spoil: ({ writer }) => `grant create on schema public to ${writer}`,
    reason: 'WRITER_TOO_POWERFUL',
    severity: 'warning',
  },
  {
    title: 'the writer owns a table with row security that does not bind owners',
    spoil: ({ writer }) => `alter table invoices owner to ${writer}; alter table invoices enable row level security;
      create policy all_rows on invoices using (true)`,
    reason: 'ROW_SECURITY_BYPASSED',
    severity: 'error',
    cure: ({ writer }) => `alter table invoices owner to current_user;
      grant select, update (late_fee_cents, updated_at) on invoices to ${writer}`,
    after: () => `alter table invoices no force row level security; alter table invoices disable row level security;
      drop policy all_rows on invoices`,
  },
]

const TABLES: readonly Ailment[] = [
  {
    title: 'a trigger may change other columns',
    spoil:
      () => `create function tag() returns trigger language plpgsql as 'begin new.customer = ''x''; return new; end';
      create trigger tag before update on invoices for each row execute function tag()`,
    reason: 'TRIGGERS',
    severity: 'warning',
    cure: () => 'drop function tag cascade',
  },
  {
    title: 'no index begins with the tenant',
    spoil: () => 'drop index by_tenant',
    reason: 'TENANT_NOT_INDEXED',
    severity: 'warning',
  },
  {
    title: 'the version may be NULL',
    spoil: () => 'alter table invoices alter column updated_at drop not null',
    reason: 'VERSION_NULLABLE',
    severity: 'warning',
  },
  {
    title: 'the receipts table is gone',
    spoil: () => 'drop table synapsor_writeback_receipts',
    reason: 'RECEIPTS_MISSING',
    severity: 'error',
  },
  {
    title: 'the receipts table has a trigger',
    spoil: () => `create function swallow() returns trigger language plpgsql as 'begin return null; end';
      create trigger swallow before insert on synapsor_writeback_receipts for each row execute function swallow()`,
    reason: 'RECEIPTS_UNFIT',
    severity: 'error',
    cure: () => 'drop function swallow cascade',
  },
  {
    title: 'the version is coarse',
    spoil: () => 'alter table invoices alter column updated_at type timestamptz(0)',
    reason: 'COARSE_VERSION',
    severity: 'error',
    cure: () => 'alter table invoices alter column updated_at type timestamptz(6)',
  },
]

describe('the doctor on postgres', () => {
  let clinic: Clinic
  beforeAll(async () => {
    clinic = await openPostgresClinic()
  })
  afterAll(() => clinic.close())

  ailmentCases(() => clinic, [...READER, ...BEYOND, ...WRITER, ...TABLES])
})
