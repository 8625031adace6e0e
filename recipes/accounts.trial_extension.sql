-- PostgreSQL. The table that the recipe reads and writes, and two accounts of two tenants to try it on.
create table accounts (
  id text primary key,
  tenant_id text not null,
  plan text not null,
  trial_ends_at timestamptz(6) not null,
  extension_reason varchar(500),
  -- The version of the row. Whatever else writes to the table moves it too.
  updated_at timestamptz(6) not null default clock_timestamp()
);

insert into accounts (id, tenant_id, plan, trial_ends_at) values
  ('ACC-550', 'acme', 'team', '2030-12-31T00:00:00Z'),
  ('ACC-990', 'globex', 'solo', '2030-12-31T00:00:00Z');
