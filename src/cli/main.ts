#!/usr/bin/env node
import { processIo } from './io.js'
import { runCli } from './run.js'

// Whoever reads may leave early, as `head` does: what is left to say is not said, and the exit code stays.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runCli(process.argv.slice(2), processIo())
