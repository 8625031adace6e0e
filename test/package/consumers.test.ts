import { expect, inject, it } from 'vitest'
import { runCommand } from '../support/command.js'

it('passes publint', async () => {
  const { exitCode, output } = await runCommand('publint', '--strict', inject('packageBuild').tarball)
  expect(exitCode, output).toBe(0)
})

it('resolves with types for every consumer of ES modules', async () => {
  const { exitCode, output } = await runCommand('attw', inject('packageBuild').tarball, '--profile', 'esm-only')
  expect(exitCode, output).toBe(0)
})
