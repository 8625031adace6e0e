import { defineCommand } from '../command.js'
import type { DemoStep } from '../demo/story.js'
import type { Io } from '../io.js'
import { flag, text } from '../options.js'
import { usageError } from '../usage-error.js'

/** What the demo leaves, and what happened in it. */
export interface DemoDocument {
  /** `null` where nothing was kept. */
  readonly folder: string | null
  readonly steps: readonly DemoStep[]
  /** Lines to type next. */
  readonly next: readonly string[]
}

/** `demo`. */
export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'See the whole loop on a database of its own, and go on from there.',
  details:
    'Leaves a folder with a contract, a seeded SQLite database and a ledger, and prints the lines that go on from it. Needs no set-up.',
  needs: 'nothing',
  options: {
    quick: flag('--quick', 'Only tell; keep nothing.'),
    output: text('-o, --output <folder>', 'Where to, new or empty. Default: a new temporary folder.'),
  },
  examples: ['demo', 'demo --quick', 'demo --output ./try-it'],
  async run({ options: { quick = false, output } }, io) {
    if (quick && output !== undefined) throw usageError('--quick keeps nothing.', 'Leave --output out, or --quick.')
    const document = await show({ quick, output }, io)
    const { renderDemo } = await import('../text/demo.js')
    return { document, render: (view) => renderDemo(document, view) }
  },
})

async function show(
  { quick, output }: { readonly quick: boolean; readonly output: string | undefined },
  io: Io,
): Promise<DemoDocument> {
  const [{ createDemoWorld }, { tellDemo }, { nextLines }] = await Promise.all([
    import('../demo/world.js'),
    import('../demo/story.js'),
    import('../demo/lines.js'),
  ])
  const world = await createDemoWorld(output, io)
  try {
    const steps = await tellDemo(world)
    return quick
      ? { folder: null, steps, next: ['synapsor-runner demo'] }
      : { folder: world.folder, steps, next: nextLines(world.folder) }
  } finally {
    await world.close()
    if (quick) world.remove()
  }
}
