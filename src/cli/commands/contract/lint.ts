import { defineCommand } from '../../command.js'
import { CONTRACT_OPTIONS, readContractFile } from '../../contract-file.js'
import { flag } from '../../options.js'
import { usageError } from '../../usage-error.js'

/** `contract lint`. */
export const contractLint = defineCommand({
  name: 'contract lint',
  summary: 'Find choices in a valid contract that are risky, and say what to do about each.',
  details:
    'Beside the warnings of validate: what a model may write without limits, who may approve it, what it is shown, what nobody counts. Touches no database: columns are judged by their names. Exits 1 where there are errors, with --strict also for warnings.',
  needs: 'nothing',
  args: [{ name: 'file', summary: 'The contract. As --config.', optional: true }],
  options: { ...CONTRACT_OPTIONS, strict: flag('--strict', 'Exit 1 also for warnings.') },
  examples: ['contract lint', 'contract lint contracts/billing.json --strict --json'],
  async run({ args, options }, io) {
    if (args.file !== undefined && options.config !== undefined) {
      throw usageError('The contract is given twice.', 'Give it as the argument or with --config.')
    }
    const { path, name, text } = await readContractFile(args.file ?? options.config, io)
    const { loadConfig, lintConfig } = await import('../../../index.js')
    const { placeFindings } = await import('../../place-findings.js')
    const findings = placeFindings(lintConfig(loadConfig(path)), text)
    const bad = options.strict === true ? ['error', 'warning'] : ['error']
    const ok = !findings.some(({ severity }) => bad.includes(severity))
    const { renderLint } = await import('../../text/lint.js')
    return {
      document: { ok, findings },
      render: (view) => renderLint({ name, findings }, view),
      exit_code: ok ? 0 : 1,
    }
  },
})
