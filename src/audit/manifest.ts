import { RunnerError } from '../errors.js'
import { type InputField, inputsOf } from './inputs.js'
import { isRecord, textAt } from './json.js'
import { createReading, type Reading } from './reading.js'
import { sentencesOf } from './words.js'

/** One tool of a tools/list, with what the rules ask of it. */
export interface AuditTool {
  readonly name: string
  /** Its beginning, where it is long. */
  readonly description: string
  readonly is_description_cut: boolean
  /** The description, as the words of its sentences. */
  readonly sentences: readonly (readonly string[])[]
  readonly inputs: readonly InputField[]
  /** The output schema as it was given, `undefined` where there is none. */
  readonly output_schema: Readonly<Record<string, unknown>> | undefined
  /** What the server claims of it. Claims raise findings and never lower one. */
  readonly annotations: { readonly read_only?: boolean; readonly destructive?: boolean }
  readonly has_examples: boolean
}

const MOST_TOOLS = 10_000
const LONGEST_NAME = 10_000

/**
 * The tools of a parsed manifest: `{ tools }`, `{ result: { tools } }`, `{ data: { tools } }` or a list.
 * `undefined` where it holds no list of tools at all.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where something in the list is no tool, `RESULT_TOO_LARGE` beyond 10,000 tools,
 * 10,000 characters in a name, or 2 MiB of names and choices in all.
 */
export function parseManifest(value: unknown): readonly AuditTool[] | undefined {
  const listed = listIn(value)
  return listed === undefined ? undefined : parseTools(listed)
}

/** The same for the list alone. */
export function parseTools(listed: readonly unknown[]): readonly AuditTool[] {
  if (listed.length > MOST_TOOLS) {
    throw new RunnerError('RESULT_TOO_LARGE', `The manifest lists ${listed.length} tools; ${MOST_TOOLS} are audited.`, {
      details: { tools: listed.length },
      next: 'Split the manifest and audit its parts.',
    })
  }
  const reading = createReading(listed.length)
  return listed.map((value, place) => toTool(value, place, reading))
}

function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (!isRecord(value)) return undefined
  const holders = [value, value.result, value.data]
  return holders.flatMap((holder) => (isRecord(holder) && Array.isArray(holder.tools) ? [holder.tools] : []))[0]
}

function toTool(value: unknown, place: number, reading: Reading): AuditTool {
  // Function-calling manifests keep the tool one level down.
  const tool = isRecord(value) && isRecord(value.function) ? value.function : value
  if (!isRecord(tool) || typeof tool.name !== 'string' || tool.name.trim() === '') {
    throw new RunnerError('INVALID_ARGUMENT', `Item ${place + 1} of the list of tools has no name.`, {
      details: { item: place + 1 },
      next: 'Give the answer of tools/list as the server sent it.',
    })
  }
  if (tool.name.length > LONGEST_NAME) {
    throw new RunnerError('RESULT_TOO_LARGE', `The name of tool ${place + 1} has ${tool.name.length} characters.`, {
      details: { item: place + 1 },
      next: `Names have at most ${LONGEST_NAME} characters here, and 128 in the protocol.`,
    })
  }
  reading.count(tool.name)
  const schema = tool.inputSchema ?? tool.input_schema ?? tool.parameters
  const output = tool.outputSchema ?? tool.output_schema
  const inputs = inputsOf(schema, reading)
  const { text, is_cut } = reading.beginningOf(textAt(tool, 'description'))
  return {
    name: tool.name,
    description: text,
    is_description_cut: is_cut,
    sentences: sentencesOf(text),
    inputs,
    output_schema: isRecord(output) ? output : undefined,
    annotations: annotationsOf(tool.annotations),
    has_examples: [tool, schema, tool._meta].some(hasExamples) || inputs.some(({ has_examples }) => has_examples),
  }
}

function annotationsOf(value: unknown): AuditTool['annotations'] {
  if (!isRecord(value)) return {}
  const { readOnlyHint, destructiveHint } = value
  return {
    ...(typeof readOnlyHint === 'boolean' ? { read_only: readOnlyHint } : {}),
    ...(typeof destructiveHint === 'boolean' ? { destructive: destructiveHint } : {}),
  }
}

/** JSON Schema's `examples`, and the spellings that servers use for whole calls. */
export function hasExamples(value: unknown): boolean {
  if (!isRecord(value)) return false
  return ['examples', 'example', 'input_examples', 'inputExamples', 'fixtures'].some((key) => {
    const found = value[key]
    return Array.isArray(found) ? found.length > 0 : found !== undefined && found !== null
  })
}
