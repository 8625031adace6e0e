import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot, runCommand } from '../support/command.js'

const databaseClients = ['mysql2', 'pg']

it.each(['index.js', 'testing.js'])('%s loads no framework and no database client', async (entry) => {
  const { exitCode, stdout, output } = await runCommand(
    process.execPath,
    join(projectRoot, 'test/package/loaded-packages.mjs'),
    join(projectRoot, 'dist', entry),
  )
  expect(exitCode, output).toBe(0)

  const loaded = JSON.parse(stdout) as string[]
  const light = (await dependencies()).filter((name) => !databaseClients.includes(name))
  expect(loaded.filter((name) => !light.includes(name))).toEqual([])
})

async function dependencies(): Promise<readonly string[]> {
  const manifest = await readFile(join(projectRoot, 'package.json'), 'utf8')
  return Object.keys((JSON.parse(manifest) as { dependencies: Record<string, string> }).dependencies)
}
