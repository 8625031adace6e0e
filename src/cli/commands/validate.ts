import type { Digest } from '../../index.js'
import { defineCommand } from '../command.js'
import { CONTRACT_OPTIONS, readContractFile } from '../contract-file.js'
import { usageError } from '../usage-error.js'

/** `validate`. */
export const validateCommand = defineCommand({
  name: 'validate',
  aliases: ['config validate'],
  summary: 'Check the contract, and name everything that is wrong with it.',
  details: 'Touches no database. Exits 1 where there are errors; warnings do not count.',
  needs: 'nothing',
  args: [{ name: 'file', summary: 'The contract. As --config.', optional: true }],
  options: CONTRACT_OPTIONS,
  examples: ['validate', 'validate contracts/billing.json --json'],
  async run({ args, options }, io) {
    if (args.file !== undefined && options.config !== undefined) {
      throw usageError('The contract is given twice.', 'Give it as the argument or with --config.')
    }
    const { name, text } = await readContractFile(args.file ?? options.config, io)
    const { examineConfigText } = await import('../../contract/validate-text.js')
    const { ok, errors, warnings, config } = examineConfigText(text)
    const digest: Digest | undefined =
      config === undefined ? undefined : (await import('../../contract/digest.js')).configDigest(config)
    const { renderValidation } = await import('../text/validation.js')
    return {
      document: { ok, ...(digest === undefined ? {} : { digest }), errors, warnings },
      render: (view) => renderValidation({ name, errors, warnings, config, digest }, view),
      exit_code: ok ? 0 : 1,
    }
  },
})
