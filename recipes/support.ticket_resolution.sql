-- PostgreSQL. The table that the recipe reads and writes, and two tickets of two tenants to try it on.
create table tickets (
  id text primary key,
  tenant_id text not null,
  subject text not null,
  status text not null check (status in ('open', 'pending_review', 'needs_human', 'closed')),
  last_message text not null,
  resolution_note varchar(2000),
  -- The version of the row. Whatever else writes to the table moves it too.
  updated_at timestamptz(6) not null default clock_timestamp()
);

insert into tickets (id, tenant_id, subject, status, last_message) values
  ('TCK-1042', 'acme', 'Cannot log in', 'open', 'It works again, thank you!'),
  ('TCK-2042', 'globex', 'Wrong address', 'open', 'Please send it to our new office.');
