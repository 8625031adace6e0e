import type { Proposal } from '../../../index.js'
import { defineCommand } from '../../command.js'
import { resolveId } from '../../latest.js'
import { loadCard } from '../../load-card.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `proposals show`. */
export const proposalsShow = defineCommand({
  name: 'proposals show',
  summary: 'Show one proposal whole, and whether the row is still as it was.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A proposal, or latest.' }],
  examples: ['proposals show latest'],
  async run({ args, runner: open }, io) {
    const runner = await open()
    const proposal = await runner.proposals.get(await resolveId(args.id ?? '', 'proposal', runner, io))
    const card = await loadCard(runner, proposal)
    const { renderCard } = await import('../../text/card.js')
    return {
      document: { ...proposal, freshness: card.freshness },
      render: (view) => [renderCard(card, view), ...approvalLine(proposal)].join('\n\n'),
    }
  },
})

/** With the hash, so that what was shown is what is approved. */
function approvalLine({ id, hash, status }: Proposal): readonly string[] {
  if (status !== 'pending_review') return []
  return [`  synapsor-runner proposals approve ${escapeUntrusted(id)} --hash ${hash}`]
}
