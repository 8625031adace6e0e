import { isOpen } from '../protocol/run.js'
import { isActive } from '../protocol/status.js'
import { type Row, readInteger, readText, readTextOrNull } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { toProposalRow } from './sqlite-proposals.js'
import { toRunRow } from './sqlite-runs.js'

/** A proposal or a run, and when it ended: `undefined` while it has not. */
export interface Ending {
  readonly place: number
  readonly id: string
  readonly ended_at: string | undefined
  /** Nothing is left of its content. */
  readonly erased: boolean
  readonly workflow: string | null
}

export interface ProposalEnding extends Ending {
  /** Nobody has put on record that it expired. */
  readonly lapsed: boolean
  /** The evidence that it cites, and when that was captured. */
  readonly cited: { readonly bundle_id: string; readonly at: string } | undefined
}

/** Small enough that others get through between two of them. */
const PIECE = 50

const LAST = (subject: string): string => `(select max(x.seq) from entries as x where x.subject = ${subject})`

const PROPOSALS = `
  select p.*, first.body is null as erased, last.type as last_type, last.at as last_at,
    r.workflow, r.active as run_active, run_last.at as run_last_at, c.bundle_id as cited_id, c.at as cited_at
  from proposals as p
  join entries as first on first.seq = p.created_seq
  join entries as last on last.seq = ${LAST('p.proposal_id')}
  left join runs as r on r.run_id = p.run_id
  left join entries as run_last on run_last.seq = ${LAST('p.run_id')}
  left join reads as c
    on c.bundle_id = iif(json_valid(first.body), json_extract(first.body, '$.proposal.evidence.bundle_id'), null)
  where p.created_seq > ? order by p.created_seq limit ${PIECE}`

/** The next proposals behind a place, with their endings. */
export function proposalEndings(file: Connection, after: number): readonly ProposalEnding[] {
  return file.all(PROPOSALS, after).map((row) => {
    const { proposal_id, status, expires_at } = toProposalRow(row)
    const lapsed = status === 'pending_review' || status === 'approved'
    const expired = lapsed || readText(row, 'last_type') === 'proposal.expired'
    const own = expired ? expires_at : readText(row, 'last_at')
    const open = isActive(status) && !lapsed
    return {
      place: readInteger(row, 'created_seq'),
      id: proposal_id,
      ended_at: open ? undefined : withRun(own, row),
      erased: readInteger(row, 'erased') === 1,
      workflow: readTextOrNull(row, 'workflow'),
      lapsed,
      cited:
        row.cited_id === null ? undefined : { bundle_id: readText(row, 'cited_id'), at: readText(row, 'cited_at') },
    }
  })
}

/** A run needs what it has proposed for as long as it can be told. */
function withRun(own: string, row: Row): string | undefined {
  if (row.run_active === null) return own
  if (readInteger(row, 'run_active') === 1) return undefined
  const run = readText(row, 'run_last_at')
  return run > own ? run : own
}

const RUN_COLUMNS = `r.*, first.body is null as erased, last.at as last_at
  from runs as r
  join entries as first on first.seq = r.created_seq
  join entries as last on last.seq = ${LAST('r.run_id')}`

const RUNS = `select ${RUN_COLUMNS} where r.created_seq > ? order by r.created_seq limit ${PIECE}`
const RUN = `select ${RUN_COLUMNS} where r.run_id = ?`

/** The next runs behind a place, with their endings. */
export function runEndings(file: Connection, after: number): readonly Ending[] {
  return file.all(RUNS, after).map(toRunEnding)
}

/** The ending of one run, `undefined` where there is no such run. */
export function runEnding(file: Connection, run_id: string): Ending | undefined {
  const row = file.get(RUN, run_id)
  return row === undefined ? undefined : toRunEnding(row)
}

function toRunEnding(row: Row): Ending {
  const { run_id, status, workflow } = toRunRow(row)
  return {
    place: readInteger(row, 'created_seq'),
    id: run_id,
    ended_at: isOpen(status) ? undefined : readText(row, 'last_at'),
    erased: readInteger(row, 'erased') === 1,
    workflow,
  }
}
