insert into accounts (id, tenant_id, holder, plan) values
  ('ACC-550', 'acme', 'Ann Archer', 'team'),
  ('ACC-990', 'globex', 'Gil Gomez', 'solo');

insert into orders (id, tenant_id, account_id, status, total_cents) values
  ('ORD-7001', 'acme', 'ACC-550', 'shipped', 6400),
  ('ORD-9001', 'globex', 'ACC-990', 'paid', 1900);

insert into subscriptions (id, tenant_id, account_id, trial_ends_on) values ('SUB-31', 'acme', 'ACC-550', '2030-12-01');

insert into scheduled_charges (id, tenant_id, subscription_id, due_on) values ('CHG-7', 'acme', 'SUB-31', '2030-12-01');

insert into credit_policies (tenant_id, max_cents) values ('acme', 5000), ('globex', 5000);
