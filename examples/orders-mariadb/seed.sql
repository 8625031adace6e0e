insert into orders (id, tenant_id, customer, status, total_cents) values
  ('ORD-7001', 'acme', 'Ann Archer', 'shipped', 6400),
  ('ORD-7002', 'acme', 'Bo Baker', 'paid', 2900),
  ('ORD-9001', 'globex', 'Gil Gomez', 'paid', 1900);
