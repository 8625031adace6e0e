import { isProposedSince, newestEntry } from '../../contract-test/newness.js'
import { isRunnerError } from '../../errors.js'
import type { Envelope, ErrorCode, Runner, Session } from '../../index.js'
import { digest } from '../../protocol/canonical.js'
import type { Sample, Samples } from './sample.js'

/** One call, and how it was answered. */
export interface SmokeStep {
  readonly step: 'read' | 'propose' | 'read_again' | 'compare' | 'withdraw'
  readonly capability?: string
  readonly ok: boolean
  readonly summary: string
  readonly code?: ErrorCode
}

export interface SmokeResult {
  /** Every call was answered, and the source is as it was. */
  readonly ok: boolean
  readonly steps: readonly SmokeStep[]
  /** What was read before and after is equal to the letter. `null` where it was not read twice. */
  readonly source_unchanged: boolean | null
  /** Digest of what was read, before and after. */
  readonly row_digests: readonly string[]
  /** Of the proposal that was made, or that was there already. */
  readonly proposal_id: string | null
  /** Whether it was not withdrawn again. */
  readonly is_kept: boolean
}

interface SmokeWorld {
  readonly runner: Runner
  readonly session: Session
}

/**
 * Reads, proposes, and reads again as an agent would, to show that everything is in place and that a proposal changes
 * nothing. The proposal is withdrawn, unless it is to be kept or was there before.
 */
export async function runSmoke(world: SmokeWorld, { read, proposal }: Samples, keep: boolean): Promise<SmokeResult> {
  const before = read && (await call(world, 'read', read))
  const head = await newestEntry(world.runner)
  const proposed = proposal && (await call(world, 'propose', proposal))
  const id = proposed?.answer.proposal?.id ?? null
  const after = read && proposal && (await call(world, 'read_again', read))
  const compared = id === null ? undefined : await compareRow(world, id)
  const isOurs = id !== null && (await isProposedSince(world.runner, id, head))
  // What was stored in shadow, or approved by a policy, is not for a session to withdraw.
  const isPending = proposed?.answer.proposal?.status === 'pending_review'
  const withdrawn = id === null || keep || !isOurs || !isPending ? undefined : await withdraw(world, id)

  const row_digests = [before, after].flatMap((each) => digestOf(each?.answer))
  const isSame = row_digests.length === 2 ? row_digests[0] === row_digests[1] : null
  const source_unchanged = compared?.ok === false ? false : isSame
  const steps = [before?.step, proposed?.step, after?.step, compared, withdrawn].filter((step) => step !== undefined)
  return {
    ok: steps.every((step) => step.ok) && source_unchanged !== false,
    steps,
    source_unchanged,
    row_digests,
    proposal_id: id,
    is_kept: id !== null && withdrawn?.ok !== true,
  }
}

async function call({ session }: SmokeWorld, step: SmokeStep['step'], { name, args }: Sample) {
  const answer = await session.call(name, JSON.stringify(args))
  const { ok, summary, error } = answer
  const told: SmokeStep = {
    step,
    capability: name,
    ok,
    summary: withNext(summary, error?.next),
    ...codeOf(error?.code),
  }
  return { answer, step: told }
}

function withNext(summary: string, next: string | undefined): string {
  return next === undefined ? summary : `${summary} ${next}`
}

function codeOf(code: ErrorCode | undefined): Pick<SmokeStep, 'code'> {
  return code === undefined ? {} : { code }
}

function digestOf(answer: Envelope | undefined): readonly string[] {
  return answer?.ok === true && answer.data !== undefined ? [digest('synapsor.smoke.v1', answer.data)] : []
}

/** The row of the proposal, columns that nobody is shown included, against what was frozen of it. */
async function compareRow({ runner }: SmokeWorld, id: string): Promise<SmokeStep> {
  const { state, columns, code } = await runner.freshness(id)
  const ok = state === 'unchanged'
  const summary = ok
    ? 'The row is as it was when the change was proposed.'
    : `The row is ${state}${columns.length === 0 ? '' : ` in ${columns.join(', ')}`}.`
  return { step: 'compare', ok, summary, ...codeOf(code) }
}

async function withdraw({ session }: SmokeWorld, id: string): Promise<SmokeStep> {
  try {
    await session.withdraw(id)
    return { step: 'withdraw', ok: true, summary: 'The proposal was withdrawn again.' }
  } catch (error) {
    if (!isRunnerError(error)) throw error
    return { step: 'withdraw', ok: false, summary: `${error.message} ${error.next}`, code: error.code }
  }
}
