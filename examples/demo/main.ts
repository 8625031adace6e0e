/** Shows the whole loop on an SQLite file. `--quick` tells it in a few lines and keeps nothing. */
import { performance } from 'node:perf_hooks'
import { isRunnerError } from '../../src/index.js'
import { isDemoFailure } from './expect.js'
import { createNarrator } from './narrator.js'
import { tellStory } from './story.js'
import { createWorld } from './world.js'

const brief = process.argv.includes('--quick')
const { stdout, env } = process
const narrator = createNarrator({
  colors: stdout.isTTY === true && !env.NO_COLOR,
  brief,
  write: (text) => void stdout.write(text),
})

try {
  await run()
} catch (error) {
  process.stderr.write(`\nThe demo did not behave as it should. ${explain(error)}\n`)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const world = await createWorld()
  try {
    narrator.title('An agent asks, a person decides, the runner writes once')
    await tellStory(world, narrator)
  } finally {
    await world.close()
    if (brief) world.remove()
  }
  narrator.note(
    `\nDone in ${(performance.now() / 1000).toFixed(1)} s. ${brief ? 'Nothing was kept.' : kept(world.folder)}`,
  )
}

function kept(folder: string): string {
  return [
    `Everything lies in ${folder}:`,
    '  synapsor.runner.json   the contract',
    '  shop.db                the source, with its receipts',
    '  .synapsor/local.db     the ledger',
    '  tampered/local.db      the copy of it that was edited',
  ].join('\n')
}

function explain(error: unknown): string {
  if (isDemoFailure(error)) return error.demoFailure
  if (isRunnerError(error)) return `${error.code}: ${error.message} ${error.next}`
  return error instanceof Error ? error.message : String(error)
}
