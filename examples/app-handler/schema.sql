-- PostgreSQL. What the app has of its customers, of two tenants.
create table accounts (
  id text primary key,
  tenant_id text not null,
  holder text not null,
  plan text not null,
  -- The version of the row. Whatever writes to the table moves it too.
  updated_at timestamptz(6) not null default clock_timestamp()
);

create table orders (
  id text primary key,
  tenant_id text not null,
  account_id text not null references accounts (id),
  status text not null,
  total_cents integer not null,
  updated_at timestamptz(6) not null default clock_timestamp()
);

create table subscriptions (
  id text primary key,
  tenant_id text not null,
  account_id text not null references accounts (id),
  trial_ends_on date not null,
  updated_at timestamptz(6) not null default clock_timestamp()
);

create table scheduled_charges (
  id text primary key,
  tenant_id text not null,
  subscription_id text not null references subscriptions (id),
  due_on date not null
);

-- How much credit the app gives today. Its owner may change it at any time.
create table credit_policies (tenant_id text primary key, max_cents integer not null);

-- What the app makes when it performs an approved change.
create sequence refund_review_numbers;
create table refund_reviews (
  id text primary key default 'RR-' || nextval('refund_review_numbers'),
  tenant_id text not null,
  order_id text not null references orders (id),
  amount_cents integer not null check (amount_cents > 0),
  reason text not null,
  requested_by text not null
);

create sequence account_credit_numbers;
create table account_credits (
  id text primary key default 'AC-' || nextval('account_credit_numbers'),
  tenant_id text not null,
  account_id text not null references accounts (id),
  amount_cents integer not null check (amount_cents > 0),
  note text not null,
  approved_by text not null
);

create sequence ticket_numbers;
create table tickets (
  id text primary key default 'TK-' || nextval('ticket_numbers'),
  tenant_id text not null,
  account_id text not null references accounts (id),
  subject text not null,
  priority text not null check (priority in ('normal', 'urgent'))
);

create sequence trial_extension_numbers;
create table trial_extensions (
  id text primary key default 'TE-' || nextval('trial_extension_numbers'),
  tenant_id text not null,
  subscription_id text not null references subscriptions (id),
  days integer not null check (days > 0),
  reason text not null
);
