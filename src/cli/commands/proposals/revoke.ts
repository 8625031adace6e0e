import { defineCommand } from '../../command.js'
import { deciderOf, withOperatorLines } from '../../decider.js'
import { given } from '../../given.js'
import { resolveId } from '../../latest.js'
import { text } from '../../options.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `proposals revoke`. */
export const proposalsRevoke = defineCommand({
  name: 'proposals revoke',
  summary: 'Take an approval back.',
  details: 'Acknowledged only when no apply can follow, so the source must answer.',
  needs: 'runner',
  decides: true,
  args: [{ name: 'id', summary: 'A proposal, or latest.' }],
  options: { reason: text('--reason <text>', 'Kept on record.') },
  examples: ['proposals revoke wrp_… --as carol --reason "Approved by mistake."'],
  async run(call, io) {
    const approver = deciderOf(call)
    const { reason } = call.options
    const runner = await call.runner()
    const id = await resolveId(call.args.id ?? '', 'proposal', runner, io)
    const revoked = await withOperatorLines(call, () => runner.revoke(id, { approver, ...given({ reason }) }))
    return { document: revoked, render: () => `${escapeUntrusted(revoked.id)} is revoked. No apply can follow.` }
  },
})
