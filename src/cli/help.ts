import type { Command } from 'commander'
import type { Io } from './io.js'
import { usageError } from './usage-error.js'

/** Answers `help`, `help <command>` and a bare call. True where it did. */
export function help(program: Command, argv: readonly string[], io: Io): boolean {
  const [first, ...words] = argv
  if (first === undefined) {
    io.out(program.helpInformation())
    return true
  }
  if (first !== 'help') return false
  let found = program
  for (const word of words.filter((each) => !each.startsWith('-'))) {
    const next = found.commands.find((each) => each.name() === word)
    if (next === undefined) throw usageError(`There is no command ${words.join(' ')}.`, 'See synapsor-runner help.')
    found = next
  }
  // `helpInformation` leaves out what was added behind it, such as the examples.
  found.configureOutput({ writeOut: io.out })
  found.outputHelp()
  return true
}
