/**
 * Takes one safety check after another out of a copy of the source and runs the test that must notice. A mutant that
 * lives, or whose text is no longer found, fails the run.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDatabases } from '../databases/index.js'
import { type Mutant, mutants } from './mutants.js'

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)))
const copied = ['src', 'adapters', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts', 'tsup.config.ts']

const wanted = process.argv.slice(2).join(' ')
const chosen = mutants.filter(({ name }) => name.includes(wanted))
const databases = await startDatabases()
const env = {
  ...process.env,
  NO_COLOR: '1',
  TEST_POSTGRES_URL: databases.postgres.adminUrl,
  TEST_MYSQL_URL: databases.mysql.adminUrl,
}
const folder = mkdtempSync(join(tmpdir(), 'synapsor-mutants-'))
let lived = 0
try {
  for (const each of copied) cpSync(join(root, each), join(folder, each), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const mutant of chosen) {
    const verdict = judge(mutant)
    if (verdict !== 'killed') lived++
    process.stdout.write(
      `${verdict === 'killed' ? 'killed ' : 'LIVES  '} ${mutant.name}${verdict === 'killed' ? '' : `: ${verdict}`}\n`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
  await databases.stop()
}
process.stdout.write(`\n${chosen.length - lived} killed, ${lived} lived\n`)
process.exitCode = lived === 0 ? 0 : 1

function judge(mutant: Mutant): string {
  const path = join(folder, mutant.file)
  const original = readFileSync(path, 'utf8')
  if (original.split(mutant.find).length !== 2) return 'its text does not stand in the source exactly once'
  writeFileSync(
    path,
    original.replace(mutant.find, () => mutant.replace),
  )
  try {
    const { passed, failed } = runTest(mutant)
    if (passed + failed === 0) return 'its test was not found'
    return failed > 0 ? 'killed' : `${mutant.test} passes without the check`
  } finally {
    writeFileSync(path, original)
  }
}

function runTest({ test, named }: Mutant): { readonly passed: number; readonly failed: number } {
  const run = spawnSync(
    join(root, 'node_modules/.bin/vitest'),
    ['run', '--project', 'unit', '--project', 'integration', '--typecheck.enabled=false', test, '-t', named],
    {
      cwd: folder,
      env,
      encoding: 'utf8',
      timeout: 120_000,
    },
  )
  const counted = /(\d+) passed, (\d+) failed/.exec(run.stdout ?? '')
  return { passed: Number(counted?.[1] ?? 0), failed: Number(counted?.[2] ?? 0) }
}
