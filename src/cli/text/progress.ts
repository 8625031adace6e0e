import type { Io } from '../io.js'

/** Shows how far something long has come. */
export interface Progress {
  readonly step: (done: number, total: number) => void
  readonly end: () => void
}

const PATIENCE = 1000
const REDRAW = 100
const BAR = 24

/** A bar on stderr, for a person at a terminal, once something has taken a second. */
export function createProgress(label: string, io: Io): Progress {
  if (!io.interactive) return { step: () => {}, end: () => {} }
  let drawn = 0
  const started = Date.now()
  return {
    step: (done, total) => {
      const now = Date.now()
      if (now - started < PATIENCE || now - drawn < REDRAW) return
      drawn = now
      io.err(`\r${label} ${bar(done, total)} ${done}/${total}`)
    },
    end: () => {
      if (drawn > 0) io.err('\r\u001b[2K')
    },
  }
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? BAR : Math.min(BAR, Math.floor((done / total) * BAR))
  return `[${'='.repeat(filled)}${' '.repeat(BAR - filled)}]`
}
