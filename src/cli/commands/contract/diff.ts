import { basename } from 'node:path'
import { defineCommand } from '../../command.js'
import { contractPath } from '../../open-runner.js'
import { flag } from '../../options.js'

/** `contract diff`. */
export const contractDiff = defineCommand({
  name: 'contract diff',
  summary: 'Say in words what one contract allows that another does not.',
  details:
    'Authority that grew stands first. Exits 3 where some grew, with --strict also where it cannot be told; 0 where it only shrank, or is the same. Texts for the model, samples and the place of the ledger make no difference. Touches no database.',
  needs: 'nothing',
  args: [
    { name: 'old', summary: 'The contract that was reviewed.' },
    { name: 'new', summary: 'The other one. Default: SYNAPSOR_CONFIG, else synapsor.runner.json.', optional: true },
  ],
  options: { strict: flag('--strict', 'Exit 3 also for what is neither more nor less.') },
  examples: ['contract diff reviewed.json', 'contract diff old.json new.json --json'],
  async run({ args, options }, io) {
    const [old, next] = [contractPath(args.old, io), contractPath(args.new, io)]
    const { compareAuthority, configDigest, loadConfig } = await import('../../../index.js')
    const [before, after] = [loadConfig(old), loadConfig(next)]
    const changes = compareAuthority(before, after)
    const { renderAuthority } = await import('../../text/authority.js')
    const grew = changes.some(({ direction }) => direction === 'grew')
    const isUnclear = options.strict === true && changes.some(({ direction }) => direction === 'changed')
    return {
      document: { grew, old_digest: configDigest(before), new_digest: configDigest(after), changes },
      render: (view) => renderAuthority({ old: basename(old), new: basename(next), changes }, view),
      exit_code: grew || isUnclear ? 3 : 0,
    }
  },
})
