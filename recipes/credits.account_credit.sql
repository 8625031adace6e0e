-- PostgreSQL. The table that the recipe reads and writes, and two accounts of two tenants to try it on.
create table credit_accounts (
  id text primary key,
  tenant_id text not null,
  holder text not null,
  credit_cents integer not null default 0 check (credit_cents >= 0),
  credit_reason varchar(500),
  -- The version of the row. Whatever else writes to the table moves it too.
  updated_at timestamptz(6) not null default clock_timestamp()
);

insert into credit_accounts (id, tenant_id, holder) values
  ('CRD-88', 'acme', 'Ann Archer'),
  ('CRD-99', 'globex', 'Gil Gomez');
