import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isRecord } from '../../contract/snapshot.js'
import type { ParsedConfig } from '../../index.js'
import { type Callable, callablesOf, findCallable } from '../call/callable.js'
import { readJson } from '../files.js'
import type { Io } from '../io.js'
import { usageError } from '../usage-error.js'

/** A capability, and arguments that it can be tried with. */
export interface Sample {
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

export interface Samples {
  readonly read: Sample | undefined
  readonly proposal: Sample | undefined
}

interface Given {
  readonly read: string | undefined
  readonly proposal: string | undefined
  /** Values for whichever arguments they name, over the examples of the contract. */
  readonly values: Readonly<Record<string, unknown>>
}

/**
 * Picks one read and one proposal, each with the first example of the contract, and over it what was given.
 *
 * @throws UsageError for a name that no such capability has, and where nothing can be tried.
 */
export function pickSamples(config: ParsedConfig, given: Given): Samples {
  const all = callablesOf(config)
  const read = pick(all, 'read', { name: given.read, values: given.values })
  const isReadOnly = config.mode === 'read_only'
  const proposal = isReadOnly ? undefined : pick(all, 'proposal', { name: given.proposal, values: given.values })
  if (read !== undefined || proposal !== undefined) return { read, proposal }
  throw usageError(
    'There is nothing to try: no capability has an example, and no arguments are given.',
    'Add "examples" to a capability of the contract, or give --input.',
  )
}

function pick(
  all: readonly Callable[],
  kind: 'read' | 'proposal',
  { name, values }: { readonly name: string | undefined; readonly values: Given['values'] },
): Sample | undefined {
  const fitting = all.filter((each) => each.kind === kind)
  const named = name === undefined ? undefined : findCallable(fitting, name)
  if (name !== undefined && named === undefined) {
    const names = fitting.map((each) => each.name).join(', ')
    throw usageError(`There is no ${kind} of this name.`, `There is: ${names || 'none'}.`)
  }
  const chosen =
    named ?? fitting.find(({ sample }) => sample !== undefined) ?? fitting.find((each) => takes(each, values))
  return chosen && { name: chosen.name, args: { ...chosen.sample, ...ofThose(chosen, values) } }
}

function takes({ types }: Callable, values: Given['values']): boolean {
  const names = Object.keys(types)
  return names.length === 0 || names.some((name) => Object.hasOwn(values, name))
}

/** What one capability knows by a name the other need not. */
function ofThose({ types }: Callable, values: Given['values']): Given['values'] {
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(types, name)))
}

/** Beside the contract, with the id of a row that is there. */
const FILE = join('.synapsor', 'smoke-input.json')

/** @throws RunnerError `INVALID_ARGUMENT` for a file that holds no JSON; UsageError for JSON that is no object. */
export function readValues(
  input: string | undefined,
  config_path: string | undefined,
  io: Io,
): Readonly<Record<string, unknown>> {
  if (input !== undefined)
    return asObject(input.trimStart().startsWith('{') ? parse(input) : readJson(input.replace(/^@/, ''), io))
  const file = config_path === undefined ? undefined : join(dirname(config_path), FILE)
  return file !== undefined && existsSync(file) ? asObject(readJson(file, io)) : {}
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value
  throw usageError('What --input names is no JSON object.', `Write --input '{"id":"…"}', or --input file.json.`)
}
