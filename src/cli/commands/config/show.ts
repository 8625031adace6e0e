import { defineCommand } from '../../command.js'
import { CONTRACT_OPTIONS, parseTree, readContractFile } from '../../contract-file.js'
import { flag } from '../../options.js'
import { renderJson } from '../../text/json.js'

/** `config show`. */
export const configShow = defineCommand({
  name: 'config show',
  summary: 'Show the contract so that it may be passed on.',
  details:
    'Literal tenants and principals, and whatever looks like a secret, are masked; names of variables stay. What is shown is what the file says, valid or not. There is no way to show it unmasked: that is the file itself.',
  needs: 'nothing',
  options: { ...CONTRACT_OPTIONS, redacted: flag('--redacted', 'As it always is.') },
  examples: ['config show --redacted'],
  async run({ options }, io) {
    const tree = await parseTree(await readContractFile(options.config, io))
    const { redactConfig } = await import('../../../contract/redact.js')
    const shown = redactConfig(tree)
    return { document: shown, render: () => renderJson(shown) }
  },
})
