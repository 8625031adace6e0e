import { defineCommand } from '../../command.js'
import { writeShared } from '../../files.js'
import { text } from '../../options.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `config schema`. */
export const configSchema = defineCommand({
  name: 'config schema',
  summary: 'Print the JSON Schema of contracts, for editors.',
  details: 'Name the file in "$schema" of the contract, and editors complete and check it.',
  needs: 'nothing',
  options: { output: text('-o, --output <file>', 'Write it there.') },
  examples: ['config schema --output synapsor.runner.schema.json'],
  async run({ options }, io) {
    const { contractJsonSchema } = await import('../../../contract/json-schema.js')
    const document = contractJsonSchema()
    const content = JSON.stringify(document, null, 2)
    if (options.output === undefined) return { document, render: () => content }
    const file = writeShared(options.output, `${content}\n`, io)
    return { document, render: () => `Written to ${escapeUntrusted(file)}.` }
  },
})
