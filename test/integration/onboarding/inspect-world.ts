import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Inspection } from '../../../src/cli/documents/inspection.js'
import { inspection } from '../../../src/cli/documents/inspection.js'
import type { Io } from '../../../src/cli/io.js'
import { runCli } from '../../../src/cli/run.js'
import type { TableAssessment } from '../../../src/onboarding/assessment.js'

/** What one command line printed. */
export interface Printed {
  readonly exit_code: number
  readonly out: string
  readonly err: string
}

/** Runs a command line with these variables, in a folder of its own that `close` removes. */
export function createConsole(env: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-inspect-'))
  return {
    folder,
    run: async (argv: readonly string[], { columns = 160 } = {}): Promise<Printed> => {
      const out: string[] = []
      const err: string[] = []
      const io: Io = {
        env,
        cwd: folder,
        columns,
        colors: false,
        interactive: false,
        now: () => new Date(),
        out: (text) => void out.push(text),
        err: (text) => void err.push(text),
        confirm: async () => false,
        untilStopped: async () => ({ requested: Promise.resolve(), signal: AbortSignal.abort(), dispose: () => {} }),
      }
      const exit_code = await runCli(['inspect', ...argv], io)
      return { exit_code, out: out.join(''), err: err.join('') }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export type Console = ReturnType<typeof createConsole>

/** The document that a command line printed, held against its schema. */
export function inspectionOf({ out }: Printed): Inspection {
  return inspection().parse(JSON.parse(out))
}

export function tableOf({ tables }: Inspection, name: string): TableAssessment {
  const found = tables.find(({ table }) => table.table === name)
  if (found === undefined) throw new Error(`No table ${name} was found.`)
  return found
}

/** The codes of its notes, those that refuse marked. */
export function codesOf({ notes }: TableAssessment): readonly string[] {
  return notes.map(({ severity, code }) => (severity === 'refuse' ? `${code}!` : code))
}
