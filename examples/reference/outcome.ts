/** How the stories tell what came of a call. */
import { isRunnerError, type Proposal, type Receipt, type Reviewer } from '../../src/index.js'
import { short } from './short.js'

/** The code with which a call is refused. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const outcome = await call.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  )
  if (isRunnerError(outcome)) return outcome.code
  if (outcome instanceof Error) throw outcome
  return String(outcome)
}

/** Has somebody approve exactly what is proposed, and gives its id. */
export function approvedBy(reviewer: Reviewer): (proposing: Promise<Proposal>) => Promise<string> {
  return async (proposing) => {
    const { id, hash } = await proposing
    await reviewer.approve(id, { hash })
    return id
  }
}

/** What a receipt says, on one line. */
export function told({ status, rows_affected, new_object_id, safe_error_code, details }: Receipt): string {
  const effects = Object.keys(details ?? {}).length > 0 ? short(details) : null
  const rows = rows_affected > 0 ? `${rows_affected} ${rows_affected === 1 ? 'row' : 'rows'}` : null
  return [status, safe_error_code, new_object_id, rows, effects].filter((part) => typeof part === 'string').join(' ')
}
