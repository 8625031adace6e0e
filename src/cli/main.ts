#!/usr/bin/env node
import { processIo } from './io.js'
import { runCli } from './run.js'
import { wasStopRequested } from './stop.js'

const { stdout, stderr } = process

/** How long what was said may take to be read once the process was told to end. */
const LAST_WORDS_MS = 2000

/** Set where the answer could not be written. */
let isLost = false

// Whoever reads may leave early, as `head` does: what is left to say is not said, and the exit code stays.
stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE' || isLost) return
  isLost = true
  stderr.write('synapsor-runner: the answer could not be written to stdout. What was asked has been done.\n')
})
// A collector of logs that has gone ends nothing, least of all an apply.
stderr.on('error', () => undefined)
// A module of the app may log: stdout is for the answer alone.
Object.assign(console, { log: console.error, info: console.error, debug: console.error })

const exit_code = await runCli(process.argv.slice(2), processIo())
const taken = [stdout, stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve())))
// A module of the app may have left something open: that does not keep the process. A reader may take its time, unless
// the process was told to end.
if (wasStopRequested()) setTimeout(leave, LAST_WORDS_MS)
void Promise.all(taken).then(leave)

function leave(): void {
  process.exit(isLost ? 1 : exit_code)
}
