import { RunnerError } from '../../src/errors.js'
import type { Extra } from './host-context.js'
import { addressOf, RESOURCE_NOT_FOUND, refusalOf } from './resources.js'
import { failure, type Outcome, SERVER_ERROR } from './rpc.js'
import type { Owner } from './sessions.js'
import type { Watch, Watcher } from './watcher.js'

/** How many records one client watches. */
const MOST_SUBSCRIPTIONS = 20

/** What one client wants to hear of. */
export interface Subscriptions {
  /** Answers as reading the resource does where that is refused. Only proposals and runs change. */
  add(uri: string, extra: Extra): Promise<Outcome>
  remove(uri: string): Outcome & { readonly result: object }
  /** Ends all of them. */
  close(): void
}

/** Whose they are, and how the client is told. */
export interface Subscriber {
  readonly updated: (uri: string) => Promise<void> | void
  /** Called for what the client does not want to hear of any more. */
  readonly forget?: (uri: string) => void
  readonly owner?: Owner
  /** Default 20. */
  readonly most?: number
}

/** Makes the subscriptions of one client. When it cannot be told any more, all of them end. */
export function subscriptionsOf(
  watcher: Watcher,
  { updated, forget, owner, most = MOST_SUBSCRIPTIONS }: Subscriber,
): Subscriptions {
  const watches = new Map<string, Watch>()
  let pending = 0
  let isClosed = false

  const close = () => {
    isClosed = true
    for (const { stop } of watches.values()) stop()
    watches.clear()
  }
  const tell = async (uri: string) => {
    try {
      await updated(uri)
    } catch {
      close()
    }
  }
  const begin = async (uri: string, extra: Extra): Promise<Outcome> => {
    const address = addressOf(uri)
    if (address === undefined) return failure(RESOURCE_NOT_FOUND, 'There is no resource of this address.')
    for (const [known, { isOver }] of watches) if (isOver()) watches.delete(known)
    if (watches.size + pending >= most && !watches.has(uri)) return tooMany(most)
    pending++
    try {
      const watch = await watcher.watch({ address, extra, owner }, () => void tell(uri))
      watches.get(uri)?.stop()
      watches.set(uri, watch)
      if (isClosed) watch.stop()
      return { result: {} }
    } catch (error) {
      return refusalOf(error)
    } finally {
      pending--
    }
  }

  return {
    add: begin,
    remove: (uri) => {
      watches.get(uri)?.stop()
      watches.delete(uri)
      forget?.(uri)
      return { result: {} }
    },
    close,
  }
}

function tooMany(most: number): Outcome {
  const refusal = new RunnerError('RATE_LIMITED', `A client may subscribe to no more than ${most} resources.`, {
    next: 'Unsubscribe from one, then subscribe again.',
  })
  return failure(SERVER_ERROR, refusal.message, { ...refusal.toJSON() })
}
