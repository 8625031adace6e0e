import { isGraphBubbleUp, type LangGraphRunnableConfig } from '@langchain/langgraph'
import { isRunnerError, type ProposalView, type Reviewer } from '../../src/index.js'
import type { ApprovalCard } from './approval-card.js'

/** Who decides when a graph is resumed. */
export interface Decide {
  /**
   * The reviewer of the person who sent this answer, whom you have authenticated. `undefined`: nobody, and nothing is
   * decided.
   *
   * @param resume what the run was resumed with, as it came.
   * @param config of the run that brought it.
   *
   * @example
   * ```ts
   * const decide = {
   *   reviewer: (_, { configurable }) => runner.reviewer({ id: configurable?.reviewer, tenant_id: 'acme' }),
   * }
   * ```
   */
  readonly reviewer: (
    resume: unknown,
    config: LangGraphRunnableConfig,
  ) => Reviewer | undefined | Promise<Reviewer | undefined>
}

interface Answer {
  readonly card: ApprovalCard
  readonly view: ProposalView
  readonly resume: unknown
  readonly config: LangGraphRunnableConfig
}

/**
 * Records what was answered to a card, in the name of whoever answered.
 *
 * @returns why nothing was recorded; `null` where something was.
 */
export async function decideAs({ reviewer: find }: Decide, answer: Answer): Promise<string | null> {
  const { view, card, resume, config } = answer
  const decision = decisionIn(resume)
  if (decision === undefined) return 'A decision is { decisions: [{ type, card_id, message? }] }, with one of them.'
  // The framework repeats an answer by itself: to the same node, or to the next one that asks.
  if (decision.card_id !== card.actionRequests[0].args.card_id) return 'It does not name this card by its card_id.'

  const { type, message: reason = '' } = decision
  try {
    const reviewer = await find(resume, config)
    if (reviewer === undefined) return 'Nobody is known to have given it.'
    if (type === 'approve') await reviewer.approve(view.id, { hash: view.hash, ...(reason && { reason }) })
    else if (type === 'reject') await reviewer.reject(view.id, { hash: view.hash, reason })
    else return 'A proposal is approved or rejected as it is.'
    return null
  } catch (error) {
    if (isGraphBubbleUp(error)) throw error
    // Thrown on, it would be tried again in whatever run comes next, for whoever started that one.
    return isRunnerError(error) ? `${error.message} ${error.next}` : 'The host could not say who gave it.'
  }
}

interface Decision {
  readonly type: unknown
  readonly card_id: unknown
  readonly message: string | undefined
}

/** The one decision in what a run was resumed with, whoever wrote it. */
function decisionIn(resume: unknown): Decision | undefined {
  const decisions = fieldOf(resume, 'decisions')
  if (!Array.isArray(decisions) || decisions.length !== 1) return undefined
  const message = fieldOf(decisions[0], 'message')
  if (message !== undefined && typeof message !== 'string') return undefined
  return { type: fieldOf(decisions[0], 'type'), card_id: fieldOf(decisions[0], 'card_id'), message }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
