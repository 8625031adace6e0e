-- MariaDB or MySQL. Orders of two tenants.
create table orders (
  id varchar(64) primary key,
  tenant_id varchar(64) not null,
  customer varchar(200) not null,
  status varchar(32) not null,
  status_note varchar(500),
  total_cents int not null,
  -- The version of the row: moves with every write.
  updated_at datetime(6) not null default current_timestamp(6) on update current_timestamp(6)
) engine = InnoDB default charset = utf8mb4;
