import type { ResumeOptions, Run } from '../../../index.js'
import { type Call, defineCommand, type Output } from '../../command.js'
import type { Io } from '../../io.js'
import { resolveId } from '../../latest.js'
import { flag, text } from '../../options.js'
import { usageError } from '../../usage-error.js'

const OPTIONS = {
  all: flag('--all', 'Every run that can move.'),
  step: text('--step <key>', 'The step that waits for an event of the app. Needs --event.'),
  event: text('--event <json>', 'What the app tells, as a JSON object. Needs --step.'),
}

/** `runs resume`. */
export const runsResume = defineCommand({
  name: 'runs resume',
  summary: 'Move a run on: what is approved is applied, and the run goes to its next wait.',
  details:
    'A run that waits for somebody else stays as it is. Workflows that are functions need --runner. Exits 1 where a run ended in a conflict, failed or came too late.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A run, or latest.', optional: true }],
  options: OPTIONS,
  examples: ['runs resume latest', 'runs resume --all', 'runs resume run_… --step paid --event \'{"paid":true}\''],
  async run(call, io) {
    const { id } = call.args
    if (call.options.all === true) {
      if (id !== undefined || call.options.step !== undefined || call.options.event !== undefined) {
        throw usageError('--all goes with neither a run nor an event.', 'Leave the others out.')
      }
      return resumeAll(call)
    }
    if (id === undefined) throw usageError('It is not said which run to resume.', 'Give an id, latest or --all.')
    return resumeOne(id, call, io)
  },
})

async function resumeOne(given: string, call: Call<typeof OPTIONS>, io: Io): Promise<Output> {
  const event = eventOf(call)
  const runner = await call.runner()
  const id = await resolveId(given, 'run', runner, io)
  const before = await runner.runs.get(id)
  const after = await runner.resume(id, event)
  const { renderMove } = await import('../../text/run-move.js')
  return {
    document: after,
    render: (view) => renderMove(before, after, view),
    exit_code: endedBadly(after) ? 1 : 0,
  }
}

async function resumeAll(call: Call<typeof OPTIONS>): Promise<Output> {
  const runner = await call.runner()
  const items = await runner.resumeAll()
  const { renderMoved } = await import('../../text/run-move.js')
  return { document: { items }, render: (view) => renderMoved(items, view), exit_code: items.some(endedBadly) ? 1 : 0 }
}

function endedBadly({ status }: Run): boolean {
  return status === 'conflict' || status === 'failed' || status === 'expired'
}

function eventOf({ options: { step, event } }: Call<typeof OPTIONS>): ResumeOptions {
  if (step === undefined && event === undefined) return {}
  if (step === undefined || event === undefined) {
    throw usageError('An event is told with the step that waits for it.', 'Give both --step and --event.')
  }
  return { step, event: objectOf(event) }
}

function objectOf(given: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(given)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  } catch {}
  throw usageError('--event is no JSON object.', 'Write it as \'{"paid":true}\'.')
}
