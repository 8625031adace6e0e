import type { Runner } from '../runner.js'

/** Where the ledger of a runner ends, for {@link isProposedSince}. */
export async function newestEntry({ entries }: Pick<Runner, 'entries'>): Promise<number> {
  return (await entries.list({ limit: 1 })).items[0]?.seq ?? 0
}

/** Whether a proposal was made since. The same request is answered with the same proposal, which then is somebody's who waits for it. */
export async function isProposedSince(
  { entries }: Pick<Runner, 'entries'>,
  subject: string,
  head: number,
): Promise<boolean> {
  const { items } = await entries.list({ subject, type: 'proposal.created', limit: 1 })
  return (items[0]?.seq ?? 0) > head
}
