/** Marks a SQLite file as a ledger: `SynL` in its header. */
export const APPLICATION_ID = 0x53796e4c

/**
 * Each step brings the schema from the version of its place to the next. A step that was released is never edited,
 * only followed by another.
 *
 * Indexes end with the row's integer key of themselves, so a list that is filtered by an indexed column is sorted by
 * age already. No index begins with a random value: inserts stay at the right edge however large the table is. There
 * are few, since each that a commit touches costs a page of the log; and what moves while a proposal is open moves
 * within indexes of open ones, which are small.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table entries (
    seq integer primary key,
    type text not null,
    subject text not null,
    at text not null,
    commitment text not null,
    prev text not null,
    hash text not null,
    salt text,
    body text
  ) strict;
  create index entries_by_subject on entries (subject);

  create trigger entries_follow before insert on entries
  when new.seq is not (select coalesce(max(seq), 0) + 1 from entries)
    or new.prev is not (select coalesce((select hash from entries where seq = new.seq - 1), new.prev))
  begin select raise(abort, 'an entry must follow the last one'); end;
  create trigger entries_only_erased before update on entries
  when new.salt is not null or new.body is not null
    or (new.seq, new.type, new.subject, new.at, new.commitment, new.prev, new.hash)
      is not (old.seq, old.type, old.subject, old.at, old.commitment, old.prev, old.hash)
  begin select raise(abort, 'an entry is never changed, its content only erased'); end;
  create trigger entries_not_removed before delete on entries
  begin select raise(abort, 'an entry is never removed'); end;

  create table proposals (
    created_seq integer primary key,
    proposal_id text not null unique,
    status text not null,
    active integer not null,
    revision integer not null,
    hash text not null,
    tenant_id text not null,
    principal text not null,
    capability text not null,
    object_key text not null,
    identity text not null,
    created_at text not null,
    expires_at text not null,
    run_id text
  ) strict;
  create index proposals_active on proposals (object_key) where active = 1;
  create index proposals_by_tenant on proposals (tenant_id);
  create index proposals_open on proposals (status) where active = 1;
  create index proposals_open_by_tenant on proposals (tenant_id, status) where active = 1;
  create index proposals_closed_by_tenant on proposals (tenant_id, status) where active = 0;
  create index proposals_by_run on proposals (run_id) where run_id is not null;

  create table receipts (
    seq integer primary key,
    receipt_id text not null unique,
    proposal_id text not null,
    tenant_id text not null,
    status text not null
  ) strict;
  create index receipts_by_tenant on receipts (tenant_id);

  create table jobs (
    writeback_job_id text primary key,
    proposal_id text not null,
    digest text not null,
    body text not null
  ) strict;

  create table reads (
    seq integer primary key,
    bundle_id text not null unique,
    audit_id text not null,
    capability text not null,
    tenant_id text not null,
    principal text not null,
    source text not null,
    query_fingerprint text not null,
    row_count integer not null,
    at text not null,
    digest text not null,
    body text
  ) strict;
  create index reads_by_tenant on reads (tenant_id);
  create trigger reads_only_erased before update on reads
  when new.body is not null or new.seq is not old.seq or new.bundle_id is not old.bundle_id
  begin select raise(abort, 'evidence is never changed, only erased'); end;
  create trigger reads_not_removed before delete on reads
  begin select raise(abort, 'an audit line is never removed'); end;

  create table refusals (
    minute text not null,
    tenant_id text not null,
    capability text not null,
    code text not null,
    count integer not null,
    primary key (minute, tenant_id, capability, code)
  ) strict, without rowid;
  `,
  `
  create table runs (
    created_seq integer primary key,
    run_id text not null unique,
    status text not null,
    active integer not null,
    revision integer not null,
    tenant_id text not null,
    principal text not null,
    workflow text not null,
    identity text not null,
    keyed integer not null,
    created_at text not null,
    expires_at text not null
  ) strict;
  create unique index runs_meant on runs (identity) where active = 1 or keyed = 1;
  create index runs_by_tenant on runs (tenant_id);
  create index runs_open on runs (status) where active = 1;
  create index runs_open_by_tenant on runs (tenant_id, status) where active = 1;
  create index runs_closed_by_tenant on runs (tenant_id, status) where active = 0;
  `,
]

/** The schema that this version of the library reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length
