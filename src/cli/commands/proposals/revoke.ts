import { defineCommand } from '../../command.js'
import { agreed, deciderOf, withOperatorLines } from '../../decider.js'
import { given } from '../../given.js'
import { resolveId } from '../../latest.js'
import { flag, text } from '../../options.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `proposals revoke`. */
export const proposalsRevoke = defineCommand({
  name: 'proposals revoke',
  summary: 'Take an approval back.',
  details: 'Acknowledged only when no apply can follow, so the source must answer.',
  needs: 'runner',
  decides: true,
  args: [{ name: 'id', summary: 'A proposal, or latest.' }],
  options: { reason: text('--reason <text>', 'Kept on record.'), yes: flag('-y, --yes', 'Do not ask.') },
  examples: ['proposals revoke wrp_… --as carol --reason "Approved by mistake."'],
  async run(call, io) {
    const approver = deciderOf(call)
    const { reason, yes = false } = call.options
    const runner = await call.runner()
    const id = await resolveId(call.args.id ?? '', 'proposal', runner, io)
    const question = `Take the approval of ${escapeUntrusted(id)} back as ${escapeUntrusted(approver.id)}?`
    if (!(await agreed(question, { yes, json: call.json, io }))) {
      return { document: await runner.proposals.get(id), render: () => 'Nothing was changed.', exit_code: 1 }
    }
    const revoked = await withOperatorLines(call, () => runner.revoke(id, { approver, ...given({ reason }) }))
    return { document: revoked, render: () => `${escapeUntrusted(revoked.id)} is revoked. No apply can follow.` }
  },
})
