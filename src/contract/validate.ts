import type { z } from 'zod'
import { withAssumedTags } from './assume.js'
import { checkAdapters } from './check-adapters.js'
import { checkApproval, checkOperators } from './check-approval.js'
import { checkArguments } from './check-arguments.js'
import { checkColumns } from './check-columns.js'
import { checkContexts } from './check-contexts.js'
import { checkExamples } from './check-examples.js'
import { checkLimits } from './check-limits.js'
import { checkLookup } from './check-lookup.js'
import { checkMode } from './check-mode.js'
import { checkCapabilityNames, checkReferences } from './check-names.js'
import { checkPatch } from './check-patch.js'
import { checkRateLimits } from './check-rate-limits.js'
import { checkSources } from './check-sources.js'
import { checkTarget } from './check-target.js'
import { checkWorkflows } from './check-workflows.js'
import { checkWriteback } from './check-writeback.js'
import { type Draft, draftOf } from './draft.js'
import { fromIssue } from './issues.js'
import { type ContractProblem, PROBLEM_CODES, type ProblemCode } from './problems.js'
import { findRefusals } from './refusals.js'
import { configSchema, type ParsedConfig } from './schema.js'
import { isRecord, takeSnapshot } from './snapshot.js'
import { declaredNames, isProposal, type Subject, subjectsOf } from './subject.js'

/** What validation found. */
export interface Validation {
  /** True where there are no errors; warnings do not count. */
  readonly ok: boolean
  readonly errors: readonly ContractProblem[]
  readonly warnings: readonly ContractProblem[]
}

/** A validation, and the contract with its defaults where it is valid. */
export interface Examination extends Validation {
  readonly config?: ParsedConfig
}

function* checkCapability(subject: Subject): Iterable<ContractProblem> {
  yield* checkReferences(subject)
  yield* checkTarget(subject)
  yield* checkColumns(subject)
  yield* checkLookup(subject)
  yield* checkArguments(subject)
  yield* checkExamples(subject)
  yield* checkWriteback(subject)
  if (!isProposal(subject)) return
  yield* checkPatch(subject)
  yield* checkLimits(subject)
  yield* checkApproval(subject)
}

function* checkMeaning(draft: Draft, tree: unknown): Iterable<ContractProblem> {
  yield* checkSources(draft)
  yield* checkContexts(draft)
  yield* checkOperators(draft)
  yield* checkAdapters(draft, tree)
  yield* checkRateLimits(draft)
  const subjects = subjectsOf(draft, declaredNames(tree))
  yield* checkCapabilityNames(subjects)
  for (const subject of subjects) yield* checkCapability(subject)
  yield* checkWorkflows(draft, tree)
}

/** Codes that say all there is to say about a place; what else was found there is left out. */
const DECISIVE: ReadonlySet<ProblemCode> = new Set(['REFUSED_KEY', 'REFUSED_ARGUMENT', 'INLINE_CREDENTIAL'])

/** One place, one code, once. A value that was refused is not also missing. */
function withoutRepeats(problems: readonly ContractProblem[]): ContractProblem[] {
  const decided = new Set(problems.filter(({ code }) => DECISIVE.has(code)).map(({ path }) => path))
  const present = new Set(problems.filter(({ code }) => code !== 'MISSING_KEY').map(({ path }) => path))
  const kept = new Map<string, ContractProblem>()
  for (const found of problems) {
    const { path, code, line } = found
    if (decided.has(path) && !DECISIVE.has(code)) continue
    if (code === 'MISSING_KEY' && present.has(path)) continue
    const key = JSON.stringify([path, code, code === 'DUPLICATE_KEY' ? line : 0])
    if (!kept.has(key)) kept.set(key, found)
  }
  return [...kept.values()]
}

type SchemaResult = ReturnType<ReturnType<typeof configSchema>['safeParse']>

function issuesOf({ error }: SchemaResult): readonly z.core.$ZodIssue[] {
  return error?.issues ?? []
}

interface Shape {
  readonly draft: Draft
  readonly problems: readonly ContractProblem[]
  readonly config?: ParsedConfig
}

/** A contract is read once in the life of a process: to compile a reader for it takes longer than to read it. */
const READ_ONCE = { jitless: true } as const

/** Everything the schema finds fault with, and what is left when that is taken out. */
function checkShape(tree: unknown): Shape {
  const result = configSchema().safeParse(tree, READ_ONCE)
  const issues = issuesOf(result)
  if (result.success) return { draft: draftOf(tree, issues), problems: [], config: result.data }
  const assumed = withAssumedTags(tree, issues)
  const further = assumed === tree ? [] : issuesOf(configSchema().safeParse(assumed, READ_ONCE))
  return {
    draft: draftOf(assumed, assumed === tree ? issues : further),
    problems: [...issues, ...further].flatMap((issue) => fromIssue(issue, tree)),
  }
}

/**
 * Validates `value` and, where it is valid, gives it with its defaults. `earlier` is what was found while its text was
 * read.
 */
export function examineConfig(value: unknown, earlier: readonly ContractProblem[] = []): Examination {
  const { tree, problems } = takeSnapshot(value)
  const shape = checkShape(tree)
  const lenient = isRecord(tree) && tree.strict === false
  const found = withoutRepeats([
    ...earlier,
    ...problems,
    ...findRefusals(tree),
    // Where the top itself could not be copied, that has been said.
    ...(tree === undefined && problems.length > 0 ? [] : shape.problems),
    ...checkMode(tree),
    ...checkMeaning(shape.draft, tree),
  ])
  const isWarning = ({ code }: ContractProblem): boolean =>
    PROBLEM_CODES[code].severity === 'warning' || (lenient && code === 'UNKNOWN_KEY')
  const errors = found.filter((one) => !isWarning(one))
  const warnings = found.filter(isWarning)
  if (errors.length > 0) return { ok: false, errors, warnings }
  return { ok: true, errors, warnings, config: shape.config ?? configSchema().parse(shape.draft, READ_ONCE) }
}

/**
 * Checks a contract: shape, names, columns, limits, credentials. Answers with every problem at once and never throws,
 * whatever it is given. Unknown keys are errors unless the contract says `strict: false`.
 *
 * ```ts
 * const { ok, errors, warnings } = validateConfig(JSON.parse(text))
 * ```
 */
export function validateConfig(value: unknown): Validation {
  const { ok, errors, warnings } = examineConfig(value)
  return { ok, errors, warnings }
}
