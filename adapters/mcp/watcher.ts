import { isRunnerError, RunnerError } from '../../src/errors.js'
import type { Toolset } from '../../src/index.js'
import type { Extra } from './host-context.js'
import { type Address, isAbsent, textOf } from './resources.js'
import type { Owner } from './sessions.js'

/** How often a watched record is looked at. */
const INTERVAL_MS = 1000

/** How long one look may take. */
const LONGEST_MS = 2000

/** How many records are watched. Each is read once an interval. */
export interface WatchLimits {
  /** For all clients of one server. */
  readonly subscriptions: number
  /** For all clients of one subject. */
  readonly subscriptions_per_subject: number
}

const LIMITS: WatchLimits = { subscriptions: 1000, subscriptions_per_subject: 100 }

/** A record that somebody wants to hear of. */
export interface Watching {
  readonly address: Address
  /** As whose session it is read. */
  readonly extra: Extra
  /** Absent where there is one client alone. */
  readonly owner?: Owner | undefined
}

/** Looks at records for those who want to hear when they change. */
export interface Watcher {
  /**
   * Reads a record as the session of `extra` sees it, and from then on calls `changed` when it reads otherwise. Ends with
   * `stop`, when the record is not there any more, or when the credential of `extra` has expired. Evidence never changes: it is
   * read once.
   *
   * @throws RunnerError as reading the record does, and `RATE_LIMITED` where too many are watched.
   */
  watch(watching: Watching, changed: () => void): Promise<Watch>
}

/** One record that is looked at. */
export interface Watch {
  readonly isOver: () => boolean
  readonly stop: () => void
}

/** A record of one owner, however many of its clients want to hear of it. */
interface Watched {
  readonly address: Address
  readonly subject: string | undefined
  readonly listeners: Set<Listener>
  text: string
}

interface Listener {
  readonly extra: Extra
  readonly changed: () => void
}

const NOTHING_TO_WATCH: Watch = { isOver: () => true, stop: () => undefined }

/** Makes what watches records. It reads them one after the other, and has no timer while nobody watches anything. */
export function createWatcher(toolset: Toolset, limits: WatchLimits = LIMITS): Watcher {
  const watched = new Map<string, Watched>()
  let timer: NodeJS.Timeout | undefined

  const wait = () => {
    // A server that has nothing else to do ends.
    timer = watched.size === 0 ? undefined : setTimeout(() => void look(), INTERVAL_MS).unref()
  }
  const look = async () => {
    for (const [key, each] of [...watched]) {
      if (watched.get(key) !== each) continue
      const isWanted = await lookAt(toolset, each)
      if (!isWanted && watched.get(key) === each) watched.delete(key)
    }
    wait()
  }
  const assertRoom = (key: string, owner: Owner | undefined) => {
    if (watched.has(key)) return
    const { subscriptions, subscriptions_per_subject } = limits
    if (watched.size >= subscriptions) throw tooMany(subscriptions)
    const own = [...watched.values()].filter(({ subject }) => subject === owner?.subject)
    if (own.length >= subscriptions_per_subject) throw tooMany(subscriptions_per_subject)
  }

  return {
    watch: async ({ address, extra, owner }, changed) => {
      const key = keyOf(address, owner)
      if (address.kind !== 'evidence') assertRoom(key, owner)
      const text = await textOf(toolset, address, extra)
      if (address.kind === 'evidence') return NOTHING_TO_WATCH
      // Others may have come while it was read.
      assertRoom(key, owner)
      const each = watched.get(key) ?? { address, subject: owner?.subject, listeners: new Set(), text }
      const listener: Listener = { extra, changed }
      each.listeners.add(listener)
      watched.set(key, each)
      if (timer === undefined) wait()
      return {
        isOver: () => watched.get(key) !== each || !each.listeners.has(listener),
        stop: () => {
          each.listeners.delete(listener)
          if (each.listeners.size === 0 && watched.get(key) === each) watched.delete(key)
        },
      }
    },
  }
}

function keyOf({ kind, id }: Address, owner: Owner | undefined): string {
  const { subject, tenant_id, principal, on_behalf_of = null } = owner ?? {}
  return JSON.stringify([kind, id, subject, tenant_id, principal, on_behalf_of])
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
  const { address, listeners } = each
  for (const listener of listeners) if (isExpired(listener)) listeners.delete(listener)
  const [first] = listeners
  if (first === undefined) return false
  const tellAll = () => {
    for (const { changed } of [...listeners]) changed()
  }
  try {
    const text = await inTime(textOf(toolset, address, first.extra))
    if (text === undefined || text === each.text) return true
    each.text = text
    tellAll()
    return true
  } catch (error) {
    if (isRunnerError(error) && error.retry === 'same_request') return true
    if (isRunnerError(error) && isAbsent(error.code)) {
      tellAll()
      return false
    }
    // What the host says of one client is no word about the others.
    listeners.delete(first)
    return listeners.size > 0
  }
}

function isExpired({ extra: { authInfo } }: Listener): boolean {
  return Date.now() >= (authInfo?.expiresAt ?? Number.POSITIVE_INFINITY) * 1000
}

function tooMany(most: number): RunnerError {
  return new RunnerError('RATE_LIMITED', `No more than ${most} records are watched at once.`, {
    retry_after_ms: 60_000,
  })
}
