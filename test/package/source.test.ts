import { expect, it } from 'vitest'
import { runCommand } from '../support/command.js'

it.each([
  ['has no type error', 'typecheck'],
  ['is formatted and free of lint', 'lint'],
])(
  '%s',
  async (_, script) => {
    const { exitCode, output } = await runCommand('npm', 'run', '--silent', script)
    expect(exitCode, output).toBe(0)
  },
  300_000,
)
