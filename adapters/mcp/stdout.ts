/** Standard output while a protocol has it. */
export interface OwnedStdout {
  write(text: string): void
  /** Whether it should be waited for `drained` before more is written. */
  isFull(): boolean
  /** Resolves when it takes more, or is gone. */
  drained(): Promise<void>
  /** Resolves when all that was written is out, or can never be. */
  flushed(): Promise<void>
  /** Gives it back to the rest of the process. */
  release(): void
}

/** In UTF-16 units. */
const MOST_WAITING = 1024 * 1024

/**
 * Takes stdout for itself: what anything else in the process prints there, `console.log` included, goes to stderr. A
 * line of a library in between would end the client's patience with the server.
 *
 * @param broken - Called once, when nobody reads any more.
 */
export function takeStdout(broken: () => void): OwnedStdout {
  const { stdout, stderr } = process
  const foreign = stdout.write
  const own = foreign.bind(stdout)
  const redirected = stderr.write.bind(stderr)
  stdout.write = redirected
  let isBroken = false
  let waiting = ''
  const flush = () => {
    const text = waiting
    waiting = ''
    if (!isBroken && text !== '') own(text)
  }
  // It stays: what is still on its way may fail later, and must not end the process with a stack.
  stdout.on('error', () => {
    if (isBroken) return
    isBroken = true
    broken()
  })

  return {
    write: (text) => {
      // What is answered in one turn of the loop goes out at once: each write costs as much as a small answer.
      if (waiting === '') setImmediate(flush)
      waiting += text
    },
    isFull: () => !isBroken && (stdout.writableNeedDrain || waiting.length > MOST_WAITING),
    drained: () => {
      flush()
      return isBroken || !stdout.writableNeedDrain ? Promise.resolve() : eventOf(stdout, 'drain')
    },
    flushed: () => {
      flush()
      return new Promise((resolve) => (isBroken ? resolve() : own('', () => resolve())))
    },
    release: () => {
      // Somebody else may have put a function of their own over ours: it is theirs to take away.
      if (stdout.write === redirected) stdout.write = foreign
    },
  }
}

function eventOf(stream: NodeJS.WriteStream, name: string): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const each of [name, 'error', 'close']) stream.off(each, done)
      resolve()
    }
    for (const each of [name, 'error', 'close']) stream.once(each, done)
  })
}
