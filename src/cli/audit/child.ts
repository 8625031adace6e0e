import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/** What is started, and what it inherits. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
}

const PATIENCE_MS = 500
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const HAS_GROUPS = process.platform !== 'win32'

/** Starts a program without a shell, in a group of its own, so that what it starts can be ended with it. */
export function startChild({ command, args, env, cwd }: Command) {
  const child = spawn(command, [...args], {
    cwd,
    env,
    // What it says to stderr may be anything, and is nobody's answer.
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: HAS_GROUPS,
    windowsHide: true,
  })
  const left = endWithUs(child)
  return { child, end: () => end(child).finally(left) }
}

/** First asks, then insists: stdin ends, then the group is told to end, then it is ended. */
async function end(child: ChildProcess): Promise<void> {
  const exited = new Promise<void>((resolve) => {
    if (child.pid === undefined || hasExited(child)) resolve()
    else child.once('exit', () => resolve())
  })
  child.stdin?.end()
  await Promise.race([exited, patience()])
  signal(child, 'SIGTERM')
  await Promise.race([exited, patience()])
  signal(child, 'SIGKILL')
  await Promise.race([exited, patience()])
  child.stdout?.destroy()
}

function patience(): Promise<void> {
  return sleep(PATIENCE_MS, undefined, { ref: true })
}

function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** To the whole group: a starter such as npx leaves the server behind otherwise. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (HAS_GROUPS) process.kill(-child.pid, name)
    else child.kill(name)
  } catch {
    // Nobody is left.
  }
}

/** A group of its own does not hear when the terminal interrupts us: it is told. Gives what takes that back. */
function endWithUs(child: ChildProcess): () => void {
  const onExit = (): void => signal(child, 'SIGKILL')
  const onSignal = (name: NodeJS.Signals): void => {
    onExit()
    left()
    process.kill(process.pid, name)
  }
  const left = (): void => {
    process.off('exit', onExit)
    for (const each of SIGNALS) process.off(each, onSignal)
  }
  process.on('exit', onExit)
  for (const each of SIGNALS) process.on(each, onSignal)
  return left
}
