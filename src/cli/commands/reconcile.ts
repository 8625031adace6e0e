import { defineCommand } from '../command.js'
import { deciderOf, withOperatorLines } from '../decider.js'
import { resolveId } from '../latest.js'
import { choice, text } from '../options.js'
import { escapeUntrusted } from '../untrusted-text.js'

/** `reconcile`. */
export const reconcileCommand = defineCommand({
  name: 'reconcile',
  summary: 'Find out what became of an apply that was cut off.',
  details:
    'Never writes the row itself; a handler of the app is asked again under the same key. Where neither tells, look yourself and give your finding.',
  needs: 'runner',
  decides: true,
  args: [{ name: 'id', summary: 'A proposal, or latest.' }],
  options: {
    finding: choice('--finding <outcome>', 'What you found out where nothing else tells.', ['applied', 'not_applied']),
    reason: text('--reason <text>', 'How you know, with --finding. Kept on record.'),
  },
  examples: ['reconcile latest', 'reconcile wrp_… --finding applied --as carol --reason "Refund RF-81 is there."'],
  async run(call, io) {
    const { finding: outcome, reason = '' } = call.options
    const options = outcome === undefined ? {} : { finding: { outcome, approver: deciderOf(call), reason } }
    const runner = await call.runner()
    const id = await resolveId(call.args.id ?? '', 'proposal', runner, io)
    const proposal = await withOperatorLines(call, () => runner.reconcile(id, options))
    return {
      document: proposal,
      render: () => `${escapeUntrusted(`${proposal.id} is ${proposal.status}.`)}\n${proposal.next}`,
      exit_code: proposal.status === 'outcome_unknown' ? 1 : 0,
    }
  },
})
