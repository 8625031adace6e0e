import { resolve } from 'node:path'
import type { Ledger } from './ledger.js'
import { appendAll } from './sqlite-append.js'
import { backupTo } from './sqlite-backup.js'
import { forgetSqlite } from './sqlite-forget.js'
import { listPage } from './sqlite-lists.js'
import { backupOutdated, type LedgerLogger, MEMORY, migrateLedger, openLedgerStore } from './sqlite-open.js'
import { activeProposals, findProposal, lapsedProposals, listProposals } from './sqlite-proposals.js'
import {
  AUDIT_LIST,
  countRefusal,
  ENTRY_LIST,
  EVIDENCE_LIST,
  findEntry,
  findJob,
  findReceipt,
  listRefusals,
  RECEIPT_LIST,
} from './sqlite-queries.js'
import { useOfQuota } from './sqlite-quota.js'
import { createReadGroup } from './sqlite-read-group.js'
import { findEvidence } from './sqlite-reads.js'
import { findRun, findRunId, listRuns, openRuns } from './sqlite-runs.js'
import { checkLedger, readStats } from './sqlite-stats.js'
import { vacuum } from './sqlite-vacuum.js'
import { walkSqlite } from './sqlite-walk.js'
import { verifyLedger } from './verify.js'

export interface SqliteLedgerOptions {
  /** Absolute path of the file, or `:memory:` for one that ends with the process. */
  readonly path: string
  /** Told once when the file is created. */
  readonly logger?: LedgerLogger
  /**
   * How long a call waits for another process, in milliseconds, before it answers `BUSY`.
   *
   * @defaultValue `5000`
   */
  readonly busy_timeout_ms?: number
}

/**
 * A ledger in one SQLite file, for any number of processes on one machine.
 *
 * Touches nothing until it is used: file and folder are made by the first call, readable by their owner alone.
 */
export function openSqliteLedger({ path, logger, busy_timeout_ms = 5000 }: SqliteLedgerOptions): Ledger {
  const location = path === MEMORY ? path : resolve(path)
  const settings = { location, busy_timeout_ms, ...(logger === undefined ? {} : { logger }) }
  const { run, close, isMade } = openLedgerStore(settings)
  const reads = createReadGroup(run)

  return {
    append: (request) => run((file) => file.write(request.durability, () => appendAll(file, request))),
    recordRead: reads.record,
    countRefusal: (refusal, count) => run((file) => file.write('relaxed', () => countRefusal(file, refusal, count))),

    findProposal: (id) => run((file) => findProposal(file, id)),
    activeProposals: (object_key) => run((file) => activeProposals(file, object_key)),
    useOfQuota: (quota, ending) => run((file) => file.read(() => useOfQuota(file, quota, ending))),
    lapsedProposals: (as_of, after) => run((file) => lapsedProposals(file, as_of, after)),
    listProposals: (filter, as_of) => run((file) => listProposals(file, filter, as_of)),

    findRun: (run_id) => run((file) => findRun(file, run_id)),
    findRunId: (identity) => run((file) => findRunId(file, identity)),
    listRuns: (filter) => run((file) => listRuns(file, filter)),
    openRuns: (after) => run((file) => openRuns(file, after)),

    findEvidence: (bundle_id) => run((file) => findEvidence(file, bundle_id)),
    listEvidence: (filter) => run((file) => listPage(file, EVIDENCE_LIST, filter)),
    listAudit: (filter) => run((file) => listPage(file, AUDIT_LIST, filter)),
    listRefusals: (filter) => run((file) => listRefusals(file, filter)),

    listEntries: (filter) => run((file) => listPage(file, ENTRY_LIST, filter)),
    findEntry: (seq) => run((file) => findEntry(file, seq)),
    findReceipt: (receipt_id) => run((file) => findReceipt(file, receipt_id)),
    listReceipts: (filter) => run((file) => listPage(file, RECEIPT_LIST, filter)),
    findJob: (id) => run((file) => findJob(file, id)),

    verify: (options) => verifyLedger(walkSqlite(run), options),
    check: () => run((file) => file.write('durable', () => checkLedger(file))),
    isMade,
    stats: () => run((file) => readStats(file, location)),
    migrate: () => migrateLedger(settings),
    vacuum: () => vacuum(run),
    forget: (request) => forgetSqlite(run, request),
    backup: (target) => {
      const copy = resolve(target)
      return run((file) => backupTo(file, copy)).catch((error) => backupOutdated(settings, copy, error))
    },
    close: () => {
      reads.flush()
      return close()
    },
  }
}
