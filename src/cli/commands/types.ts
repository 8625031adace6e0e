import { basename } from 'node:path'
import { defineCommand } from '../command.js'
import { writeShared } from '../files.js'
import { text } from '../options.js'
import { count } from '../text/lines.js'
import { escapeUntrusted } from '../untrusted-text.js'

/** `types`. */
export const typesCommand = defineCommand({
  name: 'types',
  summary: 'Write TypeScript types for a contract in JSON.',
  details: [
    'With them a loaded contract is as typed as one that is written in TypeScript:',
    '',
    "  import type { Contract } from './synapsor.js'",
    "  const runner = createRunner(loadConfig('synapsor.runner.json') as Contract)",
    '',
    'Then a wrong name or argument does not compile, and answers know their columns. Write the file again when the contract has changed. Without --output it goes to stdout.',
  ].join('\n'),
  needs: 'runner',
  options: { output: text('-o, --output <file>', 'Write it there, as synapsor.d.ts.') },
  examples: ['types --output synapsor.d.ts'],
  async run({ options, contract, config_path }, io) {
    const config = await contract()
    const { renderTypes } = await import('../types/render.js')
    const types = renderTypes(config, basename(config_path ?? 'synapsor.runner.json'))
    if (options.output === undefined) return { document: { file: null, types }, render: () => types.trimEnd() }
    const file = writeShared(options.output, types, io)
    const { capabilities, workflows } = config
    const many = [count(capabilities.length, 'capability', 'capabilities'), count(workflows.length, 'workflow')]
    return {
      document: { file, types },
      render: () => `The types of ${many.join(' and ')} are in ${escapeUntrusted(file)}.`,
    }
  },
})
