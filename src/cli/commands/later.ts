import { RunnerError } from '../../errors.js'
import type { CommandSpec } from '../command.js'

/** Names that stand in people's scripts, and what does their work in this release. */
const LATER: Readonly<Record<string, string>> = {
  ui: 'Decide with proposals show and proposals approve.',
  cloud: 'Approve and apply here, with proposals approve and apply.',
  worker: 'Apply with apply --all-approved.',
  'runner start': 'Apply with apply --all-approved.',
  'ledger copy': 'Use ledger backup for a copy on this machine.',
  'ledger reset': 'Remove the ledger file by hand, once nothing in it is needed.',
  'store reset': 'Remove the ledger file by hand, once nothing in it is needed.',
  'events webhook': 'Read what happens with events tail --follow --json.',
}

/** They answer in a sentence, so that a script that calls one says why it stopped. */
export const LATER_COMMANDS: readonly CommandSpec[] = Object.entries(LATER).map(
  ([name, next]): CommandSpec => ({
    name,
    summary: `Not in this release. ${next}`,
    is_later: true,
    needs: 'nothing',
    examples: [name],
    run: async () => {
      throw new RunnerError('PLATFORM_UNSUPPORTED', `This release has no ${name}.`, { next })
    },
  }),
)
