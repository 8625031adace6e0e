import { isRunnerError, RunnerError } from '../../src/errors.js'
import type { Toolset } from '../../src/index.js'
import type { Extra } from './host-context.js'
import { type Address, isAbsent, textOf } from './resources.js'

/** How often a watched record is looked at. */
const INTERVAL_MS = 1000

/** How long one look may take. */
const LONGEST_MS = 2000

/** How many records one server watches, for all its clients. Each is read once an interval. */
const MOST_WATCHED = 1000

/** Looks at records for those who want to hear when they change. */
export interface Watcher {
  /**
   * Reads a record as the session of `extra` sees it, and from then on calls `changed` when it reads otherwise. Ends with
   * `stop`, when the record is not there any more, or when the credential of `extra` has expired.
   *
   * @throws RunnerError as reading the record does, and `RATE_LIMITED` where too many are watched.
   */
  watch(address: Address, extra: Extra, changed: () => void): Promise<Watch>
}

/** One record that is looked at. */
export interface Watch {
  readonly isOver: () => boolean
  readonly stop: () => void
}

interface Watched {
  readonly address: Address
  readonly extra: Extra
  readonly changed: () => void
  text: string
}

/** Makes what watches records. It reads them one after the other, and has no timer while nobody watches anything. */
export function createWatcher(toolset: Toolset, most: number = MOST_WATCHED): Watcher {
  const watched = new Set<Watched>()
  let timer: NodeJS.Timeout | undefined

  const wait = () => {
    // A server that has nothing else to do ends.
    timer = watched.size === 0 ? undefined : setTimeout(() => void look(), INTERVAL_MS).unref()
  }
  const look = async () => {
    for (const each of [...watched]) {
      if (watched.has(each) && !(await lookAt(toolset, each))) watched.delete(each)
    }
    wait()
  }

  return {
    watch: async (address, extra, changed) => {
      if (watched.size >= most) throw tooMany(most)
      const each: Watched = { address, extra, changed, text: await textOf(toolset, address, extra) }
      watched.add(each)
      if (timer === undefined) wait()
      return { isOver: () => !watched.has(each), stop: () => void watched.delete(each) }
    },
  }
}

/** Somebody's host that does not say who calls keeps nobody else from hearing. */
async function inTime(reading: Promise<string>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, LONGEST_MS, undefined).unref()
  })
  try {
    return await Promise.race([reading, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Gives whether there is a reason to look again. */
async function lookAt(toolset: Toolset, each: Watched): Promise<boolean> {
  const { expiresAt = Number.POSITIVE_INFINITY } = each.extra.authInfo ?? {}
  if (Date.now() >= expiresAt * 1000) return false
  try {
    const text = await inTime(textOf(toolset, each.address, each.extra))
    if (text === undefined || text === each.text) return true
    each.text = text
    each.changed()
    return true
  } catch (error) {
    if (!isRunnerError(error)) return false
    if (isAbsent(error.code)) each.changed()
    return error.retry === 'same_request'
  }
}

function tooMany(most: number): RunnerError {
  return new RunnerError('RATE_LIMITED', `No more than ${most} records are watched at once.`, {
    retry_after_ms: 60_000,
  })
}
