-- MySQL or MariaDB. The table that the recipe reads and writes, and two orders of two tenants to try
-- it on. The recipe names the database `shop`: change `target.schema` where yours has another name.
create table orders (
  id varchar(64) primary key,
  tenant_id varchar(64) not null,
  customer varchar(200) not null,
  status varchar(32) not null,
  total_cents int not null,
  refund_cents int not null default 0,
  refund_reason varchar(500),
  -- The version of the row: moves with every write.
  updated_at datetime(6) not null default current_timestamp(6) on update current_timestamp(6),
  check (refund_cents >= 0)
) engine = InnoDB default charset = utf8mb4;

insert into orders (id, tenant_id, customer, status, total_cents) values
  ('ORD-7001', 'acme', 'Ann Archer', 'shipped', 6400),
  ('ORD-9001', 'globex', 'Gil Gomez', 'paid', 1900);
