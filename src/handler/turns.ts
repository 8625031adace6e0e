/** Whose turn it is on a connection that takes one at a time. */
import { busy } from './failure.js'

/** More are turned away, so that no queue outgrows the process. */
export const MOST_WAITING = 1000

export interface Queue {
  /** What everyone wants: one queue for each. */
  readonly of: object
  /** How long to wait for a turn. */
  readonly wait_ms: number
}

interface Line {
  isTaken: boolean
  readonly waiting: Set<() => void>
}

const lines = new WeakMap<object, Line>()

/**
 * Runs `work` when all who came before are through.
 *
 * @throws RunnerError `BUSY` when that took too long, or too many wait: `work` has not begun, and never will.
 */
export async function inTurn<Result>({ of, wait_ms }: Queue, work: () => Promise<Result>): Promise<Result> {
  const line = lines.get(of) ?? { isTaken: false, waiting: new Set() }
  lines.set(of, line)
  if (line.isTaken) await turnIn(line, wait_ms)
  line.isTaken = true
  try {
    return await work()
  } finally {
    next(line)
  }
}

function turnIn({ waiting }: Line, wait_ms: number): Promise<void> {
  if (waiting.size >= MOST_WAITING) throw busy()
  return new Promise((resolve, reject) => {
    const begin = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      waiting.delete(begin)
      reject(busy())
    }, wait_ms)
    waiting.add(begin)
  })
}

/** Hands the turn on: it is nobody's only when nobody waits, so that no newcomer gets in between. */
function next(line: Line): void {
  const [first] = line.waiting
  if (first === undefined) {
    line.isTaken = false
    return
  }
  line.waiting.delete(first)
  first()
}
