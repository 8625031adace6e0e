import { defineCommand } from '../command.js'
import { resolveId } from '../latest.js'
import { escapeUntrusted } from '../untrusted-text.js'

/** `reconcile`. */
export const reconcileCommand = defineCommand({
  name: 'reconcile',
  summary: 'Find out what became of an apply that was cut off.',
  details: 'Never writes the row.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A proposal, or latest.' }],
  examples: ['reconcile latest'],
  async run({ args, runner: open }, io) {
    const runner = await open()
    const proposal = await runner.reconcile(await resolveId(args.id ?? '', 'proposal', runner, io))
    return {
      document: proposal,
      render: () => `${escapeUntrusted(`${proposal.id} is ${proposal.status}.`)}\n${proposal.next}`,
      exit_code: proposal.status === 'outcome_unknown' ? 1 : 0,
    }
  },
})
