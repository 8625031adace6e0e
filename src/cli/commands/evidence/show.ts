import { defineCommand } from '../../command.js'
import { resolveId } from '../../latest.js'

/** `evidence show`. */
export const evidenceShow = defineCommand({
  name: 'evidence show',
  summary: 'Show what was read once: by whom, when, through which query, and the rows as they were then.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'An evidence bundle, or latest.' }],
  examples: ['evidence show latest'],
  async run({ args, runner: open }, io) {
    const runner = await open()
    const evidence = await runner.evidence.get(await resolveId(toBundleId(args.id ?? ''), 'evidence', runner, io))
    const { evidenceDigest } = await import('../../../protocol/evidence.js')
    const { renderEvidence } = await import('../../text/evidence.js')
    const shown = { ...evidence, digest: evidenceDigest(evidence) }
    const capability = runner.config.capabilities.find(({ name }) => name === evidence.capability)
    return { document: shown, render: (view) => renderEvidence(shown, capability?.visible_columns ?? [], view) }
  },
})

/** Older releases wrote `evb_` where ours write `ev_`. */
function toBundleId(given: string): string {
  return given.replace(/^evb_/, 'ev_')
}
