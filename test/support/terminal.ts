import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/** A program that believes to sit at a terminal, and somebody who types there. */
export interface Terminal {
  /** Waits until something is shown that was not seen before. Rejects with what was shown where the program ends first. */
  see(what: string | RegExp): Promise<void>
  type(keys: string): void
  /** All that was shown, without what only moves the cursor or colours. */
  shown(): string
  readonly ended: Promise<number | null>
  /** Ends the program, where it still runs. */
  close(): void
}

export const KEYS = { enter: '\r', down: '\u001b[B', up: '\u001b[A', escape: '\u001b', interrupt: '\u0003', space: ' ' }

interface Program {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** Carries bytes between its own streams and a terminal of its own, and ends as the program does. */
const PYTHON = `
import fcntl, os, pty, select, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 50, 120, 0, 0))
sources = [fd, 0]
while True:
    ready = select.select(sources, [], [])[0]
    if fd in ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        os.write(1, data)
    if 0 in ready:
        data = os.read(0, 65536)
        if data:
            os.write(fd, data)
        else:
            sources.remove(0)
status = os.waitpid(pid, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`

/**
 * Opens a terminal with what every system has: Python, or the program \`script\`.
 *
 * @throws Error where there is neither: what needs a terminal cannot be tested there, and says so.
 */
export function openTerminal({ command, cwd, env }: Program): Terminal {
  const [program = '', ...args] = launcher(command)
  const child = spawn(program, args, { cwd, env: { ...env, TERM: 'xterm' }, stdio: ['pipe', 'pipe', 'inherit'] })
  return terminalOf(child)
}

function launcher(command: readonly string[]): readonly string[] {
  if (isThere('python3', ['-c', 'import pty'])) return ['python3', '-c', PYTHON, ...command]
  if (!isThere('script', ['--version']) && process.platform !== 'darwin') {
    throw new Error('Neither python3 nor script is installed: a terminal cannot be opened for this test.')
  }
  // It gives its terminal no size.
  const line = `stty rows 50 cols 120; exec ${command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')}`
  return process.platform === 'darwin'
    ? ['script', '-q', '/dev/null', 'sh', '-c', line]
    : ['script', '-qfec', line, '/dev/null']
}

function isThere(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys.
const CONTROLS = /\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|[\u0000-\u0009\u000b-\u001f]/g

function terminalOf(child: ChildProcess): Terminal {
  let raw = ''
  let seen = 0
  const listeners = new Set<() => void>()
  child.stdout?.on('data', (chunk: Buffer) => {
    raw += chunk.toString()
    for (const listener of listeners) listener()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const shown = () => raw.replaceAll(CONTROLS, '')
  const find = (what: string | RegExp): boolean => {
    const rest = shown().slice(seen)
    const at = typeof what === 'string' ? rest.indexOf(what) : rest.search(what)
    if (at < 0) return false
    seen += at + 1
    return true
  }
  return {
    ended,
    shown,
    type: (keys) => void child.stdin?.write(keys),
    see: (what) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!find(what)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        void ended.then(() => reject(new Error(`The program ended and did not show ${String(what)}:\n${shown()}`)))
        look()
      }),
    close: () => void child.kill(),
  }
}
