/** A whole workflow as one tool: a call starts a run, or goes on with one. */
import type { Workflow } from '../workflow/workflow.js'
import { inputSchema, type JsonSchema, type ObjectSchema, objectSchema } from './json-schema.js'

const RUN_ID: JsonSchema = {
  type: 'string',
  description: 'Instead of everything else: the run to go on with, or to look at.',
  maxLength: 200,
}

const STEP: JsonSchema = {
  type: 'string',
  description: 'Beside information: the step that asks, as waiting_for of the run tells it.',
  maxLength: 128,
}

const INFORMATION: JsonSchema = {
  type: 'object',
  description: 'Beside run_id: the answer to what the run asks.',
  additionalProperties: true,
}

/** What a workflow takes: its input, or `run_id` and maybe `information`. A description alone: the core checks. */
export function workflowInput(workflow: Workflow): ObjectSchema {
  const { properties } = inputSchema({ args: workflow.input })
  const all = { ...properties, run_id: RUN_ID, step: STEP, information: INFORMATION }
  // Either the one or the other is given, which this small form of a schema cannot say.
  return objectSchema(all, Object.keys(all))
}

/** What models are told about a workflow. */
export function describeWorkflow({ name, config, input }: Workflow): string {
  const needed = [...input].flatMap(([argument, { required }]) => (required ? [argument] : []))
  const start = needed.length === 0 ? 'Call it to start a run' : `Give ${needed.join(', ')} to start a run`
  return [
    config.description ?? `Runs ${name}.`,
    `${start}; give run_id to go on with one, with information where it asks.`,
    'Writes nothing: people decide, and the operator applies.',
  ].join(' ')
}
