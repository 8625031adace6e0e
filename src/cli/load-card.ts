import type { Proposal, Runner } from '../index.js'
import type { CardContent } from './text/card.js'

/** Gathers what a reviewer should see of a proposal. Reads the row through the reader's credential; leaves no evidence. */
export async function loadCard(runner: Runner, proposal: Proposal): Promise<CardContent> {
  const [freshness, evidence_items] = await Promise.all([
    runner.freshness(proposal.id),
    runner.evidence.get(proposal.evidence_bundle_id).then(
      ({ rows }) => rows.length,
      () => undefined,
    ),
  ])
  return { proposal, freshness, evidence_items }
}
