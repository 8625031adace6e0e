import { defineCommand } from '../../command.js'
import { agreed, deciderOf, withOperatorLines } from '../../decider.js'
import { given } from '../../given.js'
import { resolveId } from '../../latest.js'
import { flag, text } from '../../options.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `proposals reject`. */
export const proposalsReject = defineCommand({
  name: 'proposals reject',
  summary: 'Reject one proposal for good.',
  needs: 'runner',
  decides: true,
  args: [{ name: 'id', summary: 'A proposal, or latest.' }],
  options: {
    reason: text('--reason <text>', 'Kept on record, and shown to the agent.'),
    hash: text('--hash <hash>', 'Only if the proposal is what you looked at.'),
    yes: flag('-y, --yes', 'Do not ask.'),
  },
  examples: ['proposals reject wrp_… --as carol --reason "The customer has not asked for it."'],
  async run(call, io) {
    const approver = deciderOf(call)
    const { reason, hash, yes = false } = call.options
    const runner = await call.runner()
    const id = await resolveId(call.args.id ?? '', 'proposal', runner, io)
    if (
      !(await agreed(`Reject ${escapeUntrusted(id)} as ${escapeUntrusted(approver.id)}?`, { yes, json: call.json, io }))
    ) {
      return { document: await runner.proposals.get(id), render: () => 'Nothing was decided.', exit_code: 1 }
    }
    const rejected = await withOperatorLines(call, () =>
      runner.reject(id, {
        approver,
        ...given({ reason, hash }),
      }),
    )
    return { document: rejected, render: () => `${escapeUntrusted(rejected.id)} is rejected. Nothing was changed.` }
  },
})
