import { defineCommand } from '../../command.js'
import { writeShared } from '../../files.js'
import { text } from '../../options.js'
import { renderJson } from '../../text/json.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `config export`. */
export const configExport = defineCommand({
  name: 'config export',
  summary: 'Print the contract as other tools should read it, with its digest.',
  details:
    'Every default is filled in and keys stand in one order, so that two contracts that say the same are the same text. The digest covers what decides: not descriptions, samples, or the place of the ledger.',
  needs: 'runner',
  options: { output: text('-o, --output <file>', 'Write it there.') },
  examples: ['config export --output contract.json'],
  async run({ options, contract }, io) {
    const config = await contract()
    const { configDigest } = await import('../../../contract/digest.js')
    const { canonicalJson } = await import('../../../protocol/canonical.js')
    const document: unknown = JSON.parse(
      canonicalJson({ schema_version: 'synapsor.contract-export.v1', digest: configDigest(config), contract: config }),
    )
    const content = renderJson(document)
    if (options.output === undefined) return { document, render: () => content }
    const file = writeShared(options.output, `${content}\n`, io)
    return { document, render: () => `Written to ${escapeUntrusted(file)}.` }
  },
})
