insert into credit_accounts (id, tenant_id, holder) values
  ('CRD-88', 'acme', 'Ann Archer'),
  ('CRD-99', 'globex', 'Gil Gomez');

insert into tickets (id, tenant_id, account_id, subject, status, last_message) values
  ('TCK-1042', 'acme', 'CRD-88', 'Two days without service', 'open', 'And now a late fee on INV-3001, too!'),
  ('TCK-2042', 'globex', 'CRD-99', 'Wrong address', 'open', 'Please send it to our new office.');

insert into invoices (id, tenant_id, customer, status, balance_cents, late_fee_cents) values
  ('INV-3001', 'acme', 'Ann Archer', 'overdue', 48000, 5500),
  ('INV-9001', 'globex', 'Gil Gomez', 'overdue', 9900, 1200);
