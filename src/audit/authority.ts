import { isRecord } from './json.js'
import type { AuditTool } from './manifest.js'
import { nameVerbs } from './name-verbs.js'
import { textVerbs } from './text-verbs.js'
import {
  CHOOSING_INPUTS,
  COMMIT_VERBS,
  DECIDED,
  DECISIONS,
  EARLY_WRITE_VERBS,
  FIRST_WRITE_VERBS,
  PLAIN_PROPOSAL_VERBS,
  READ_VERBS,
  WRITE_VERBS,
} from './verbs.js'
import { told, wordsOf } from './words.js'

/** What a tool can do by all that is told of it, each with what tells it. */
export interface Authority {
  readonly writes: readonly string[]
  readonly commits: readonly string[]
  readonly reads: readonly string[]
  /** It ends at a proposal that somebody else decides on. */
  readonly proposes: boolean
}

/** Puts together what name, description, inputs and annotations say. Annotations only ever add. */
export function authorityOf(tool: AuditTool): Authority {
  const name = nameVerbs(tool.name)
  const text = name.proposes ? [] : textVerbs(tool.sentences[0] ?? [], name.reads)
  const chosen = chosenVerbs(tool).filter(({ verb }) => !name.proposes || COMMIT_VERBS.has(verb))
  const decided = name.reads ? [] : decidingInputs(tool)
  const decides = [...chosen, ...decided].some(({ verb }) => COMMIT_VERBS.has(verb)) || name.commits.length > 0
  const proposes = !decides && (name.proposes || returnsProposals(tool.output_schema))
  const said = [
    ...name.writes.map((verb) => ({ verb, evidence: `name: ${verb}` })),
    ...text.map((verb) => ({ verb, evidence: `description: ${verb}` })),
    ...chosen,
    ...decided,
  ]
  return {
    writes: [...said.map(({ evidence }) => evidence), ...claimedWrites(tool)],
    commits: said.flatMap(({ verb, evidence }) => (COMMIT_VERBS.has(verb) ? [evidence] : [])),
    reads: [...(name.reads ? ['name reads'] : []), ...(tool.annotations.read_only ? ['readOnlyHint: true'] : [])],
    proposes,
  }
}

function claimedWrites({ annotations }: AuditTool): readonly string[] {
  return [
    ...(annotations.read_only === false ? ['readOnlyHint: false'] : []),
    ...(annotations.destructive === true ? ['destructiveHint: true'] : []),
  ]
}

interface Said {
  readonly verb: string
  readonly evidence: string
}

/** What the model can choose where one tool does several things: `action: "delete"`. */
function chosenVerbs({ inputs }: AuditTool): readonly Said[] {
  return inputs
    .filter(({ words }) => CHOOSING_INPUTS.has(words.at(-1) ?? ''))
    .flatMap(({ path, choices = [] }) =>
      choices.flatMap((choice) => {
        const [verb] = typeof choice === 'string' ? wordsOf(choice) : []
        return verb !== undefined && isWrite(verb) ? [{ verb, evidence: `input ${told(path)}: ${told(verb)}` }] : []
      }),
    )
}

/** Inputs by which a call decides: `apply: true`, or the `decision` of a review. In a plain proposal that word is business. */
function decidingInputs({ name, inputs }: AuditTool): readonly Said[] {
  const isPlain = wordsOf(name).some((word) => PLAIN_PROPOSAL_VERBS.has(word))
  return inputs.flatMap(({ words, types, path }) => {
    const last = words.at(-1) ?? ''
    const isSwitch = types.every((type) => type === 'boolean')
    const decides =
      (COMMIT_VERBS.has(last) && isSwitch) ||
      (DECIDED.has(last) && isSwitch && !isPlain) ||
      (DECISIONS.has(last) && !isPlain)
    return decides ? [{ verb: COMMIT_VERBS.has(last) ? last : 'approve', evidence: `input ${told(path)}` }] : []
  })
}

function isWrite(verb: string): boolean {
  if (READ_VERBS.has(verb)) return false
  return [WRITE_VERBS, COMMIT_VERBS, EARLY_WRITE_VERBS, FIRST_WRITE_VERBS].some((verbs) => verbs.has(verb))
}

/**
 * The output schema binds each answer to say that nothing in the source has changed, beside a proposal or a run that waits for
 * a decision. Unlike an annotation it is held against every answer, by clients of the protocol.
 */
function returnsProposals(schema: AuditTool['output_schema']): boolean {
  if (schema === undefined || !isRecord(schema.properties) || !Array.isArray(schema.required)) return false
  const { source_database_changed: changed, proposal, run } = schema.properties
  if (!schema.required.includes('source_database_changed') || !isRecord(changed)) return false
  const values = Array.isArray(changed.enum) ? changed.enum : [changed.const]
  return values.length === 1 && values[0] === false && (isRecord(proposal) || isRecord(run))
}
