import type { CommandSpec } from '../command.js'
import type { Groups } from '../program.js'
import { activityCommand } from './activity.js'
import { adaptersList } from './adapters/list.js'
import { adaptersShow } from './adapters/show.js'
import { applyCommand } from './apply.js'
import { auditCommand } from './audit.js'
import { callCommand } from './call.js'
import { configExport } from './config/export.js'
import { configMigrate } from './config/migrate.js'
import { configSchema } from './config/schema.js'
import { configShow } from './config/show.js'
import { contractDiff } from './contract/diff.js'
import { contractLint } from './contract/lint.js'
import { contractTest } from './contract/test.js'
import { demoCommand } from './demo.js'
import { doctorCommand } from './doctor.js'
import { eventsTail } from './events/tail.js'
import { evidenceList } from './evidence/list.js'
import { evidenceShow } from './evidence/show.js'
import { handlerTemplate } from './handler/template.js'
import { initCommand } from './init.js'
import { inspectCommand } from './inspect.js'
import { LATER_COMMANDS } from './later.js'
import { ledgerBackup } from './ledger/backup.js'
import { ledgerMigrate } from './ledger/migrate.js'
import { ledgerPrune } from './ledger/prune.js'
import { ledgerStats } from './ledger/stats.js'
import { ledgerVacuum } from './ledger/vacuum.js'
import { ledgerVerify } from './ledger/verify.js'
import { mcpConfig } from './mcp/config.js'
import { mcpServe } from './mcp/serve.js'
import { mcpServeHttp } from './mcp/serve-http.js'
import { mcpServeStreamableHttp } from './mcp/serve-streamable-http.js'
import { migrationsApply } from './migrations/apply.js'
import { migrationsPrint } from './migrations/print.js'
import { migrationsStatus } from './migrations/status.js'
import { proposalsApprove } from './proposals/approve.js'
import { proposalsJob } from './proposals/job.js'
import { proposalsList } from './proposals/list.js'
import { proposalsReject } from './proposals/reject.js'
import { proposalsRequestInfo } from './proposals/request-info.js'
import { proposalsRevoke } from './proposals/revoke.js'
import { proposalsShow } from './proposals/show.js'
import { proposeCommand } from './propose.js'
import { queryAuditList } from './query-audit/list.js'
import { receiptsList } from './receipts/list.js'
import { receiptsShow } from './receipts/show.js'
import { recipesInit } from './recipes/init.js'
import { recipesList } from './recipes/list.js'
import { recipesShow } from './recipes/show.js'
import { reconcileCommand } from './reconcile.js'
import { replayExport } from './replay/export.js'
import { replayShow } from './replay/show.js'
import { runsCancel } from './runs/cancel.js'
import { runsList } from './runs/list.js'
import { runsResume } from './runs/resume.js'
import { runsShow } from './runs/show.js'
import { smokeRun } from './smoke/run.js'
import { startCommand } from './start.js'
import { toolsList } from './tools/list.js'
import { toolsPreview } from './tools/preview.js'
import { typesCommand } from './types.js'
import { validateCommand } from './validate.js'

/** Every command, in the order in which help lists them. What they do is loaded when it is asked for. */
export const COMMANDS: readonly CommandSpec[] = [
  demoCommand,
  startCommand,
  initCommand,
  recipesList,
  recipesShow,
  recipesInit,
  inspectCommand,
  validateCommand,
  configShow,
  configMigrate,
  configSchema,
  configExport,
  contractLint,
  contractDiff,
  contractTest,
  typesCommand,
  toolsList,
  toolsPreview,
  adaptersList,
  adaptersShow,
  callCommand,
  proposeCommand,
  proposalsList,
  proposalsShow,
  proposalsApprove,
  proposalsReject,
  proposalsRequestInfo,
  proposalsRevoke,
  proposalsJob,
  applyCommand,
  reconcileCommand,
  replayShow,
  replayExport,
  evidenceList,
  evidenceShow,
  queryAuditList,
  receiptsList,
  receiptsShow,
  runsList,
  runsShow,
  runsResume,
  runsCancel,
  activityCommand,
  eventsTail,
  ledgerVerify,
  ledgerStats,
  ledgerBackup,
  ledgerMigrate,
  ledgerPrune,
  ledgerVacuum,
  migrationsPrint,
  migrationsStatus,
  migrationsApply,
  doctorCommand,
  smokeRun,
  mcpServe,
  mcpServeStreamableHttp,
  mcpServeHttp,
  mcpConfig,
  auditCommand,
  handlerTemplate,
  ...LATER_COMMANDS,
]

export const GROUPS: Groups = {
  recipes: 'Contracts to begin with.',
  config: 'Show, migrate and export the contract.',
  contract: 'Lint, compare and test the contract.',
  tools: 'Look at what an agent is given.',
  adapters: 'Look at what each framework is shown.',
  proposals: 'List, show and decide proposals.',
  handler: "Start the app's side of an executor.",
  mcp: 'Serve MCP clients, and configure them.',
  replay: 'Tell what happened, from the ledger.',
  evidence: 'List and show what was read.',
  'query-audit': 'List which statements were sent.',
  receipts: 'List and show what became of approved changes.',
  runs: 'List, show, move and end runs of workflows.',
  events: 'Tell the entries of the ledger as they come.',
  ledger: 'Verify, copy and keep the ledger.',
  migrations: 'The receipts tables and grants of the sources.',
  smoke: 'Try the set-up as an agent would.',
}
