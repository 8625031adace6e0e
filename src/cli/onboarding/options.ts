import { choice, flag, text, texts } from '../options.js'

/** Which database, and what of it. */
const PLACE = {
  engine: choice('--engine <engine>', 'Default: by the URL, or by --path.', ['auto', 'postgres', 'mysql', 'sqlite']),
  from_env: text('--from-env <NAME>', 'Variable with the URL of a role that reads.'),
  path: text('--path <file>', 'An SQLite file.'),
  write_url_env: text('--write-url-env <NAME>', 'Variable with the URL of the role that writes.'),
  schema: text('--schema <name>', 'Schema of the table; on MySQL the database. Default: public on PostgreSQL.'),
  table: text('--table <name>', 'The one table.'),
  inspection_json: text('--inspection-json <file>', 'What inspect --json printed, in place of asking the database.'),
}

/** What is bound, shown and proposed. */
const COLUMNS = {
  primary_key: text('--primary-key <column>', 'Names one row.'),
  tenant_key: text('--tenant-key <column>', 'Holds the tenant.'),
  single_tenant_dev: flag('--single-tenant-dev', 'The table has no tenant column. For development.'),
  conflict_column: text('--conflict-column <column>', 'The version column.'),
  weak_guard: flag('--weak-guard', 'There is no version column: compare every reviewed column instead.'),
  visible_columns: texts('--visible-columns <columns>', 'Shown to the model, with commas between.'),
  untrusted_columns: texts('--untrusted-columns <columns>', 'Of these, free text that outsiders wrote.'),
  allowed_columns: texts('--allowed-columns <columns>', 'May be proposed, each by an argument of its name.'),
  patch: texts('--patch <parts>', 'What is proposed: column=fixed:value,column=arg:name.'),
  patch_fixed: texts('--patch-fixed <column=value>', 'Proposes this very value. May be repeated.'),
  patch_from_arg: texts('--patch-from-arg <column=argument>', 'Proposes what the argument says. May be repeated.'),
  numeric_bound: texts('--numeric-bound <column=min:max>', 'Limits of a number. May be repeated.'),
  transition_guard: texts('--transition-guard <column=a:b;b:c>', 'Allowed changes of state. May be repeated.'),
}

/** What it is called, who decides, who writes. */
const REVIEW = {
  mode: choice('--mode <mode>', 'Default: review where something may be proposed; shadow with --writeback none.', [
    'read_only',
    'shadow',
    'review',
  ]),
  namespace: text('--namespace <name>', 'Before the dot of the tools. Default: from the table.'),
  object_name: text('--object-name <name>', 'One row, in a word. Default: the table, in the singular.'),
  lookup_arg: text('--lookup-arg <name>', 'The argument with the key. Default: <object>_id.'),
  source_name: text('--source-name <name>', 'Default: the namespace.'),
  approver_role: text('--approver-role <role>', 'Who approves must hold it. Default: <namespace>_reviewer.'),
  approver: texts('--approver <person>', 'Who may decide. May be repeated.'),
  writeback: choice('--writeback <way>', 'Who writes what was approved. Default: direct_sql.', [
    'direct_sql',
    'http_handler',
    'command_handler',
    'none',
  ]),
  handler_url_env: text('--handler-url-env <NAME>', 'Variable with the URL of the handler.'),
  handler_token_env: text('--handler-token-env <NAME>', 'Variable with its bearer token.'),
  handler_secret_env: text('--handler-secret-env <NAME>', 'Variable with what requests to it are signed with.'),
  handler_command_env: text('--handler-command-env <NAME>', 'Variable with the program.'),
  tenant_env: text('--tenant-env <NAME>', 'Variable with the tenant. Default: SYNAPSOR_TENANT_ID.'),
  principal_env: text('--principal-env <NAME>', 'Variable with the principal. Default: SYNAPSOR_PRINCIPAL.'),
  object_id: text('--object-id <key>', 'Key of a real row, for a first call.'),
}

/** What is written, and whether anybody is asked. */
const WRITING = {
  output: text('-o, --output <file>', 'The contract. Default: synapsor.runner.json.'),
  save_selection: text('--save-selection <file>', 'Also writes the answers, for --spec.'),
  reader_role: text('--reader-role <name>', 'The role that reads, in the SQL. Default: synapsor_reader.'),
  writer_role: text('--writer-role <name>', 'The role that writes. Default: synapsor_writer.'),
  force: flag('--force', 'Overwrite what is there.'),
  yes: flag('-y, --yes', 'Do not ask: take what the catalogue suggests. Nothing is ever suggested to be written.'),
  non_interactive: flag('--non-interactive', 'Do not ask: everything is given.'),
}

/** What `start` and `onboard db` take. */
export const START_OPTIONS = { ...PLACE, ...COLUMNS, ...REVIEW, ...WRITING }

/** What `init` takes. */
export const INIT_OPTIONS = {
  ...START_OPTIONS,
  spec: text('--spec <file>', 'Answers in a file; flags come before them.'),
  wizard: flag('--wizard', 'Ask for everything that is not given.'),
  starter: flag('--starter', 'A contract to edit: invoices and their late fees.'),
}
