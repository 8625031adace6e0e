-- PostgreSQL. The table that the recipe reads and writes, and two invoices of two tenants to try it on.
create table invoices (
  id text primary key,
  tenant_id text not null,
  customer text not null,
  status text not null,
  balance_cents integer not null,
  late_fee_cents integer not null check (late_fee_cents >= 0),
  waiver_reason varchar(500),
  -- The version of the row. Whatever else writes to the table moves it too.
  updated_at timestamptz(6) not null default clock_timestamp()
);

insert into invoices (id, tenant_id, customer, status, balance_cents, late_fee_cents) values
  ('INV-3001', 'acme', 'Ann Archer', 'overdue', 48000, 5500),
  ('INV-9001', 'globex', 'Gil Gomez', 'overdue', 9900, 1200);
