import { type ArgumentRule, parseArguments } from '../capability/arguments.js'
import { parseRawArguments } from '../capability/raw-arguments.js'
import { RunnerError } from '../errors.js'
import type { ResolvedContext } from '../operations/context.js'
import { parseLink } from '../operations/link.js'
import type { Ports } from '../operations/ports.js'
import { refuse } from '../operations/refuse.js'
import { digest } from '../protocol/canonical.js'
import type { Envelope } from '../protocol/envelope.js'
import { isOpen } from '../protocol/run.js'
import { continueRun } from './continue-run.js'
import { loadOwnRun, noSuchRun } from './load-run.js'
import type { WorkflowFunctions } from './move.js'
import { type Run, runEnvelope, toRun } from './run.js'
import { startRun } from './start-run.js'
import type { Workflow } from './workflow.js'

/** A model's call of a whole workflow. */
export interface WorkflowCall {
  readonly workflow: Workflow
  /** The input of the workflow, or `run_id` and maybe `information`; an object or raw JSON text. */
  readonly args: unknown
  readonly own: ResolvedContext
  readonly link: unknown
}

/** Starts a run, or goes on with one, and answers with its compact form. Never throws: a refusal is an envelope. */
export async function callWorkflow(ports: Ports, functions: WorkflowFunctions, call: WorkflowCall): Promise<Envelope> {
  const { workflow, own } = call
  try {
    return runEnvelope(await move(ports, functions, call))
  } catch (error) {
    return refuse(ports, { name: workflow.name, kind: 'workflow', tenant_id: own.context.tenant_id, error })
  }
}

async function move(
  ports: Ports,
  functions: WorkflowFunctions,
  { workflow, args, own, link: given }: WorkflowCall,
): Promise<Run> {
  const parsed = typeof args === 'string' ? parseRawArguments(args, 'information') : args
  if (!isContinuation(parsed)) {
    const link = parseLink(given)
    const options = link === undefined ? {} : { key: digest('synapsor.link.v1', [link.run_id, link.step_key]) }
    return startRun(ports, functions, { workflow, input: parsed, own, options })
  }
  const { run_id, step, information } = continuation(parsed)
  const loaded = await loadOwnRun(ports, run_id, own)
  if (loaded.state.frozen.workflow !== workflow.name) throw noSuchRun()
  // Whoever only looks how a finished run came out is told.
  if (information === undefined && !isOpen(loaded.state.status)) return toRun(ports, loaded.state)
  return continueRun(ports, functions, { workflow: workflow.name, run_id, own, information, step })
}

function isContinuation(args: unknown): args is Readonly<Record<string, unknown>> {
  return typeof args === 'object' && args !== null && Object.hasOwn(args, 'run_id')
}

/** Nothing else of a run can be said by its caller: which proposal and which branch it has is on record. */
function continuation(args: Readonly<Record<string, unknown>>) {
  const { information, ...rest } = args
  const { run_id, step } = parseArguments(HANDLES, rest)
  if (information === undefined || (typeof information === 'object' && information !== null))
    return { run_id, step, information }
  throw new RunnerError('INVALID_ARGUMENT', 'Argument information must be an object.', {
    details: { argument: 'information' },
  })
}

const TEXT: ArgumentRule = {
  type: 'string',
  required: false,
  description: undefined,
  max_length: 200,
  minimum: undefined,
  maximum: undefined,
  enum: undefined,
  pattern: undefined,
}

const HANDLES: ReadonlyMap<string, ArgumentRule> = new Map([
  ['run_id', { ...TEXT, required: true }],
  ['step', TEXT],
])
