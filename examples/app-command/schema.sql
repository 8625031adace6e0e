-- SQLite. Accounts of two tenants, the credits that the app gave, and how much it gives today.
create table accounts (
  id text primary key,
  tenant_id text not null,
  holder text not null,
  credit_cents integer not null default 0,
  version integer not null default 1
);

create table account_credits (
  id integer primary key,
  tenant_id text not null,
  account_id text not null references accounts (id),
  amount_cents integer not null,
  note text not null
);

create table credit_policies (tenant_id text primary key, max_cents integer not null);
