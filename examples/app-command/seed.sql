insert into accounts (id, tenant_id, holder) values
  ('ACC-550', 'acme', 'Ann Archer'),
  ('ACC-990', 'globex', 'Gil Gomez');

insert into credit_policies (tenant_id, max_cents) values ('acme', 5000), ('globex', 5000);
