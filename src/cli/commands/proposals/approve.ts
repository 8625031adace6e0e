import type { Proposal } from '../../../index.js'
import { defineCommand, type View } from '../../command.js'
import { agreed, deciderOf, quorumOf, withOperatorLines } from '../../decider.js'
import { given } from '../../given.js'
import { resolveId } from '../../latest.js'
import { loadCard } from '../../load-card.js'
import { flag, text } from '../../options.js'
import { createPaint } from '../../text/paint.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `proposals approve`. */
export const proposalsApprove = defineCommand({
  name: 'proposals approve',
  summary: 'Approve the exact hash of one proposal.',
  details:
    'Shows the proposal and asks. With --yes it does neither: give --hash then, so that what you looked at is what you approve. Approving writes nothing; an apply does.',
  needs: 'runner',
  decides: true,
  args: [{ name: 'id', summary: 'A proposal, or latest.' }],
  options: {
    hash: text('--hash <hash>', 'The hash that you looked at. Default: that of the proposal as it is shown.'),
    reason: text('--reason <text>', 'Kept on record, and shown to the agent.'),
    yes: flag('-y, --yes', 'Do not ask.'),
  },
  examples: ['proposals approve latest --as carol', 'proposals approve wrp_… --as carol --hash sha256:… --yes'],
  async run(call, io) {
    const approver = deciderOf(call)
    const { hash, reason, yes = false } = call.options
    const runner = await call.runner()
    const proposal = await runner.proposals.get(await resolveId(call.args.id ?? '', 'proposal', runner, io))
    if (!yes && io.interactive && !call.json) {
      const { renderCard } = await import('../../text/card.js')
      const view: View = { columns: io.columns, paint: createPaint(io.colors), now: io.now() }
      io.err(`${renderCard(await loadCard(runner, proposal), view)}\n\n`)
    }
    if (!(await agreed(`Approve this as ${escapeUntrusted(approver.id)}?`, { yes, json: call.json, io }))) {
      return { document: proposal, render: () => 'Nothing was decided.', exit_code: 1 }
    }
    const decided = await withOperatorLines(call, () =>
      runner.approve(proposal.id, {
        hash: hash ?? proposal.hash,
        approver,
        ...given({ reason }),
      }),
    )
    return { document: decided, render: () => outcome(decided, approver.id) }
  },
})

/** The hash is said again: it is what was approved, whatever the id meant when it was typed. */
function outcome(proposal: Proposal, approver: string): string {
  const { id, status, next, hash } = proposal
  const words = status === 'approved' ? 'is approved' : `has ${quorumOf(proposal)} approvals`
  const after = status === 'approved' ? [next, `  synapsor-runner apply ${id}`] : [next]
  return [escapeUntrusted(`${id} ${words}, by ${approver} now.`), `  ${hash}`, ...after].join('\n')
}
