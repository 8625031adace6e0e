import type { Clock, Ids } from '../index.js'
import type { Asker } from './onboarding/wizard/asker.js'
import type { Stop } from './stop.js'

/** The world of a command: where it reads, where it writes, what it may assume of the terminal. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that relative paths of the command line resolve against. */
  readonly cwd: string
  /** For the answer alone. */
  readonly out: (text: string) => void
  /** For everything else: questions, progress, errors, logs. */
  readonly err: (text: string) => void
  /** Width that tables fit. */
  readonly columns: number
  readonly colors: boolean
  /** Whether a person sits at both ends, so that a question can be asked and a bar can be drawn. */
  readonly interactive: boolean
  readonly now: () => Date
  /** Asks a person. False where the answer is no, or none. */
  readonly confirm: (question: string) => Promise<boolean>
  /** Asks the questions of a wizard. Default: at the terminal. */
  readonly asker?: () => Asker
  /** For commands that run until they are told to stop. */
  readonly untilStopped: () => Promise<Stop>
  /** Clock and ids of the runner, for programs that must print the same at every time. */
  readonly runtime?: { readonly clock?: Clock; readonly ids?: Ids }
}

const MOST_UNREAD_BYTES = 1024 * 1024
const NARROWEST = 40
const USUAL = 100

export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  return {
    env,
    cwd: process.cwd(),
    out: (text) => void stdout.write(text),
    // What nobody reads is not kept without end.
    err: (text) => void (stderr.writableLength < MOST_UNREAD_BYTES && stderr.write(text)),
    columns: Math.max(widthOf(env.COLUMNS) ?? stdout.columns ?? USUAL, NARROWEST),
    colors: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    now: () => new Date(),
    confirm,
    untilStopped: async () => (await import('./stop.js')).listenForStop(),
  }
}

/** On stderr: stdout is for the answer alone. */
async function confirm(message: string): Promise<boolean> {
  const prompts = await import('@clack/prompts')
  return (await prompts.confirm({ message, initialValue: false, output: process.stderr })) === true
}

function widthOf(columns: string | undefined): number | undefined {
  const width = Number(columns)
  return Number.isInteger(width) && width > 0 ? width : undefined
}
