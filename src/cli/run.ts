import { CommanderError } from 'commander'
import type { Output } from './command.js'
import { COMMANDS, GROUPS } from './commands/index.js'
import { help } from './help.js'
import { hideCredentials } from './hide-credentials.js'
import type { Io } from './io.js'
import { normalize } from './older-spellings.js'
import { printError } from './print-error.js'
import { buildProgram, commandsFor, type Execute } from './program.js'
import { renderJson } from './text/json.js'
import { escapeLines } from './text/lines.js'
import { createPaint } from './text/paint.js'
import { isUsageError, type UsageError, usageError } from './usage-error.js'

/** Runs one command line. Gives the exit code: 0 done, 1 refused or failed, 2 wrong usage, 3 look at it. */
export async function runCli(given: readonly string[], io: Io): Promise<0 | 1 | 2 | 3> {
  const argv = normalize(given)
  const wantsJson = argv.includes('--json')
  // Commander writes what is wrong as it finds it: with `--json` it becomes the document instead.
  const complaints: string[] = []
  const complain = (text: string) => void complaints.push(hideCredentials(text))
  let exit_code: 0 | 1 | 3 = 0
  const execute: Execute = async (spec, call, close) => {
    const output = await runAndClose(() => spec.run(call, io), close)
    exit_code = print(output, { json: call.json, io })
  }
  const program = buildProgram(commandsFor(argv[0], COMMANDS), { groups: GROUPS, io, complain, execute })
  try {
    if (help(program, argv, io)) return 0
    await program.parseAsync(argv, { from: 'user' })
    return exit_code
  } catch (error) {
    if (error instanceof CommanderError) return finish(error, complaints, { json: wantsJson, io })
    printError(error, { json: wantsJson, io })
    return isUsageError(error) ? 2 : 1
  }
}

/** What a command failed with is told, and not what closing failed with after it. */
async function runAndClose<Answer>(run: () => Promise<Answer>, close: () => Promise<void>): Promise<Answer> {
  try {
    const answer = await run()
    await close()
    return answer
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
}

interface Printing {
  readonly json: boolean
  readonly io: Io
}

function print(output: Output | undefined, { json, io }: Printing): 0 | 1 | 3 {
  if (output === undefined) return 0
  const { document, render, exit_code = 0 } = output
  if (json) io.out(`${renderJson(document)}\n`)
  else {
    const shown = render({ columns: io.columns, paint: createPaint(io.colors), now: io.now() })
    if (shown !== '') io.out(`${shown}\n`)
  }
  return exit_code
}

/** Help that was asked for is an answer; everything else of commander's is a complaint about the usage. */
function finish({ code, exitCode, message }: CommanderError, complaints: readonly string[], printing: Printing): 0 | 2 {
  const { json, io } = printing
  if (exitCode === 0) return 0
  if (json) printError(usageOf(code, hideCredentials(message)), printing)
  else io.err(`${escapeLines(complaints.join('')).trimEnd()}\n${code === 'commander.help' ? '' : `  ${SEE_HELP}\n`}`)
  return 2
}

const SEE_HELP = 'See synapsor-runner help.'

function usageOf(code: string, message: string): UsageError {
  const [first = ''] = message.replace(/^error: /, '').split('\n')
  const words = code === 'commander.help' ? 'A command is missing.' : first
  return usageError(words, SEE_HELP)
}
