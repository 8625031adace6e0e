/**
 * Shows the whole loop on an SQLite file, or, with the word `workflow`, a run of a workflow. `--quick` tells it in a few
 * lines and keeps nothing.
 */
import { performance } from 'node:perf_hooks'
import { DEMO_CONTRACT } from '../../src/cli/demo/contract.js'
import { isRunnerError } from '../../src/index.js'
import { WORKFLOW_CONTRACT } from './contract.js'
import { isDemoFailure } from './expect.js'
import { createNarrator, type Narrator } from './narrator.js'
import { tellStory } from './story.js'
import { tellWorkflowStory } from './workflow-story.js'
import { createWorld, type World } from './world.js'

interface Story {
  readonly title: string
  readonly contract: object
  readonly tell: (world: World, say: Narrator) => Promise<void>
  /** What lies in the folder besides contract, source and ledger. */
  readonly keeps: readonly string[]
}

const LOOP: Story = {
  title: 'An agent asks, a person decides, the runner writes once',
  contract: DEMO_CONTRACT,
  tell: tellStory,
  keeps: ['  tampered/local.db      the copy of it that was edited'],
}

const WORKFLOW: Story = {
  title: 'A run waits for people, and goes on from the ledger',
  contract: WORKFLOW_CONTRACT,
  tell: tellWorkflowStory,
  keeps: [],
}

const { stdout, stderr, env } = process
const words = process.argv.slice(2)
const brief = words.includes('--quick')
const [unknown] = words.filter((word) => word !== '--quick' && word !== 'workflow')

if (unknown === undefined) await show(words.includes('workflow') ? WORKFLOW : LOOP)
else {
  stderr.write(`The demo knows no ${JSON.stringify(unknown)}. There is:\n${usage()}\n`)
  process.exitCode = 2
}

function usage(): string {
  return [
    '  npm run demo                 the whole loop: inspect, propose, decide, apply, replay',
    '  npm run demo -- workflow     a durable run of a workflow',
    '  npm run demo -- --quick      either of them in a line a step; keeps nothing',
  ].join('\n')
}

async function show(story: Story): Promise<void> {
  try {
    await run(story)
  } catch (error) {
    stderr.write(`\nThe demo did not behave as it should. ${explain(error)}\n`)
    process.exitCode = 1
  }
}

async function run({ title, contract, tell, keeps }: Story): Promise<void> {
  const narrator = createNarrator({
    colors: stdout.isTTY === true && !env.NO_COLOR,
    brief,
    write: (text) => void stdout.write(text),
  })
  const world = await createWorld(contract)
  try {
    narrator.title(title)
    await tell(world, narrator)
  } finally {
    await world.close()
    if (brief) world.remove()
  }
  narrator.note(
    `\nDone in ${(performance.now() / 1000).toFixed(1)} s. ${brief ? 'Nothing was kept.' : kept(world.folder, keeps)}`,
  )
}

function kept(folder: string, more: readonly string[]): string {
  return [
    `Everything lies in ${folder}:`,
    '  synapsor.runner.json   the contract',
    '  shop.db                the source, with its receipts',
    '  .synapsor/local.db     the ledger',
    ...more,
  ].join('\n')
}

function explain(error: unknown): string {
  if (isDemoFailure(error)) return error.demoFailure
  if (isRunnerError(error)) return `${error.code}: ${error.message} ${error.next}`
  return error instanceof Error ? error.message : String(error)
}
