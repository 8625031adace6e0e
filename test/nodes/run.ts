/** Runs what depends on the version of Node.js under newer ones, each from npm's own `node` package. */
import { spawnSync } from 'node:child_process'

const VERSIONS = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['22', '24']
const TESTS = [
  'test/unit',
  'test/integration/adapters',
  'test/integration/drivers/sqlite',
  'test/integration/ledger',
  'test/integration/loop',
  'test/integration/workflow',
]

let failed = 0
for (const version of VERSIONS) {
  console.log(`\nNode.js ${version}`)
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--typecheck.enabled=false', ...TESTS]
  const args = ['exec', '--yes', `--package=node@${version}`, '--', 'node', ...vitest]
  const { status, error } = spawnSync('npm', args, { stdio: 'inherit' })
  if (error !== undefined) console.error(error.message)
  if (status !== 0) failed += 1
}
console.log(`\n${VERSIONS.length - failed} of ${VERSIONS.length} versions passed`)
process.exitCode = failed === 0 ? 0 : 1
