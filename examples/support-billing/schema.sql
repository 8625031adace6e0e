-- PostgreSQL. Tickets, the accounts they are about, and their invoices: of two tenants in the same tables.
create table credit_accounts (
  id text primary key,
  tenant_id text not null,
  holder text not null,
  credit_cents integer not null default 0 check (credit_cents >= 0),
  credit_reason varchar(500),
  -- The version of the row. Whatever else writes to the table moves it too.
  updated_at timestamptz(6) not null default clock_timestamp()
);

create table tickets (
  id text primary key,
  tenant_id text not null,
  account_id text not null references credit_accounts (id),
  subject text not null,
  status text not null check (status in ('open', 'pending_review', 'needs_human', 'closed')),
  last_message text not null,
  resolution_note varchar(2000),
  updated_at timestamptz(6) not null default clock_timestamp()
);

create table invoices (
  id text primary key,
  tenant_id text not null,
  customer text not null,
  status text not null,
  balance_cents integer not null,
  late_fee_cents integer not null check (late_fee_cents >= 0),
  waiver_reason varchar(500),
  updated_at timestamptz(6) not null default clock_timestamp()
);
