/** What an example lives in while it plays. */
export interface World {
  /** What somebody sets in a shell to go on by hand. */
  readonly env: Readonly<Record<string, string>>
  /** Ends what was started, and removes what was made. */
  close(): Promise<void>
}

/**
 * Opens a world, tells a story in it and closes it, also when the story fails or somebody presses Ctrl-C. With `--keep`
 * the world stays until Ctrl-C, and what it takes to use the command line in it is printed.
 */
export async function play<Opened extends World>(
  open: () => Promise<Opened>,
  tell: (world: Opened) => Promise<void>,
): Promise<void> {
  const interrupted = nextSignal()
  const world = await open()
  try {
    const story = tell(world).then(() => 'told' as const)
    // Once interrupted, nobody waits for its end any more.
    story.catch(() => undefined)
    if ((await Promise.race([story, interrupted])) === 'interrupted') process.exitCode = 130
    else if (process.argv.includes('--keep')) await stay(world, interrupted)
  } finally {
    await world.close()
  }
}

function nextSignal(): Promise<'interrupted'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve('interrupted'))
  })
}

async function stay({ env }: World, interrupted: Promise<unknown>): Promise<void> {
  const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`)
  console.log(`\nThe database stays until you press Ctrl-C. In another shell:\n\n${lines.join('\n')}\n`)
  const awake = setInterval(() => undefined, 60_000)
  await interrupted
  clearInterval(awake)
}
