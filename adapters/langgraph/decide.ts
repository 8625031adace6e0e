import { randomUUID } from 'node:crypto'
import { Command, isGraphBubbleUp, type LangGraphRunnableConfig } from '@langchain/langgraph'
import { isRunnerError } from '../../src/errors.js'
import type { ProposalView, Reviewer } from '../../src/index.js'
import type { ApprovalCard } from './approval-card.js'

/** Who decides when a graph is resumed. */
export interface DecideByResume {
  /**
   * The reviewer of the person who sent this answer, whom you have authenticated. `undefined`: nobody, and nothing is
   * decided. Asked only in the run that {@link resumeWith} made for this very answer, so that `config` is the sender's.
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

/** One resume: `await graph.invoke(command, config)`. */
export interface Resume<Config> {
  readonly command: Command<unknown, Record<string, never>, never>
  /** What was given, with an id that the answer holds too. For this one run. */
  readonly config: Config & { configurable: { synapsor_resume_id: string } }
}

/**
 * Makes a resume that may decide: the answer and its run get the same new id.
 *
 * LangGraph keeps an answer and may give it to a later run, started by somebody else. That run has not got the id, and
 * decides nothing with it.
 *
 * @param decisions as your page sent them: `[{ type, card_id, message? }]`.
 * @param config of this run, with the person whom you have authenticated in `configurable`.
 * @param interrupt id of the interrupt that is answered, where several nodes wait.
 *
 * @example
 * ```ts
 * const { command, config } = resumeWith(decisions, { configurable: { thread_id, reviewer: user.id } })
 * await graph.invoke(command, config)
 * ```
 */
export function resumeWith<Config extends { configurable?: object }>(
  decisions: unknown,
  config: Config,
  interrupt?: string,
): Resume<Config> {
  const id = randomUUID()
  const answer = { decisions, resume_id: id }
  return {
    command: new Command({ resume: interrupt === undefined ? answer : { [interrupt]: answer } }),
    config: { ...config, configurable: { ...config.configurable, synapsor_resume_id: id } },
  }
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
export async function decideAs({ reviewer: find }: DecideByResume, answer: Answer): Promise<string | null> {
  const { view, card, resume, config } = answer
  const decision = decisionIn(resume)
  if (decision === undefined) return 'A decision is { decisions: [{ type, card_id, message? }] }, with one of them.'
  // The framework repeats an answer by itself: to the same node, or to the next one that asks.
  if (decision.card_id !== card.actionRequests[0].args.card_id) return 'It does not name this card by its card_id.'

  // Answers are kept before a node acts on them: after a run that died, the next one gets them, whoever started it.
  if (!isSentWith(resume, config)) return 'Its resume_id is not the one that this run was started with.'

  const { type, message: reason = '' } = decision
  try {
    const reviewer = await find(resume, config)
    if (reviewer === undefined) return 'Nobody is known to have given it.'
    if (type === 'approve') await reviewer.approve(view.id, { hash: view.hash, ...(reason && { reason }) })
    else if (type === 'reject') await reviewer.reject(view.id, { hash: view.hash, reason })
    else return 'A proposal is approved or rejected as it is.'
    return null
  } catch (error) {
    if (isObject(error) && isGraphBubbleUp(error)) throw error
    // Thrown on, it would end a run whose answer no other run can give again.
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

/** Whether this very run was started with this answer. */
function isSentWith(resume: unknown, { configurable }: LangGraphRunnableConfig): boolean {
  const id = fieldOf(resume, 'resume_id')
  return typeof id === 'string' && id.length >= MIN_ID_LENGTH && id === fieldOf(configurable, 'synapsor_resume_id')
}

/** Shorter ids could be counters or names, which come again. */
const MIN_ID_LENGTH = 16

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
