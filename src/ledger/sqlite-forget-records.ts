import type { ForgetRequest } from './retention.js'
import { type Ending, proposalEndings, runEndings } from './sqlite-endings.js'
import { eraseProposal, eraseRun } from './sqlite-erase.js'
import type { Piece, Work } from './sqlite-forget.js'

/** That a proposal expired is put on record before it is forgotten, by whoever asks for that. */
export function eraseProposals(before: string, request: ForgetRequest): Work {
  const { dry_run } = request
  return (file, after) => {
    const found = proposalEndings(file, after)
    const due = found.filter((ending) => isDue(ending, before, request) && (dry_run || !ending.lapsed))
    const erased = due
      .map(({ id, lapsed }) => ({ entries: eraseProposal(file, id, dry_run), lapsed }))
      .filter(({ entries }) => entries > 0)
    const entries = erased.reduce((sum, each) => sum + each.entries + (each.lapsed ? 1 : 0), 0)
    return { ...placeOf(found), forgotten: { proposals: erased.length, entries } }
  }
}

export function eraseRuns(before: string, request: ForgetRequest): Work {
  return (file, after) => {
    const found = runEndings(file, after)
    const due = found.filter((ending) => isDue(ending, before, request))
    const erased = due.map(({ id }) => eraseRun(file, id, request.dry_run)).filter((entries) => entries > 0)
    const entries = erased.reduce((sum, each) => sum + each, 0)
    return { ...placeOf(found), forgotten: { runs: erased.length, entries } }
  }
}

function isDue({ ended_at, erased, workflow }: Ending, before: string, request: ForgetRequest): boolean {
  if (erased || ended_at === undefined || ended_at >= before) return false
  return request.workflow === undefined || request.workflow === workflow
}

/** Where a walk over such records stands. */
export function placeOf(found: readonly Ending[]): Pick<Piece, 'next' | 'looked_at'> {
  return { next: found.at(-1)?.place, looked_at: found.length }
}
