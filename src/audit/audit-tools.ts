import { type Authority, authorityOf } from './authority.js'
import { AUDIT_CODES, type AuditCodeName, remediationUrl } from './codes.js'
import { isGuardInput, isIdempotencyInput, isIdentifierInput, isPredicateInput, isTrustInput } from './input-rules.js'
import type { InputField } from './inputs.js'
import type { AuditTool } from './manifest.js'
import type { Finding } from './report.js'
import { sqlEvidence, statementInputs } from './sql-rules.js'
import { told } from './words.js'

/** Why a rule fires, `undefined` where it does not. The list may be empty: there is nothing to point to. */
type Evidence = readonly string[] | undefined

type Rule = (tool: AuditTool, authority: Authority) => Evidence

/** One rule for each code that is about a tool. */
const RULES = {
  GENERIC_SQL_TOOL: (tool) => some(sqlEvidence(tool)),
  WRITE_TOOL_ACCEPTS_ARBITRARY_SQL: (tool) =>
    sqlEvidence(tool).length > 0 ? some(statementInputs(tool).map(toEvidence)) : undefined,
  ARBITRARY_IDENTIFIER_INPUT: inputRule(isIdentifierInput),
  ARBITRARY_PREDICATE_INPUT: inputRule(isPredicateInput),
  MODEL_CONTROLLED_TRUST_SCOPE: inputRule(isTrustInput),
  MODEL_CALLABLE_COMMIT_OR_APPROVAL: (_, { commits }) => some(commits),
  WRITE_WITHOUT_PROPOSAL_BOUNDARY: (_, authority) => (isDirectWrite(authority) ? authority.writes : undefined),
  NO_STRUCTURED_OUTPUT_SCHEMA: ({ output_schema }) => (output_schema === undefined ? [] : undefined),
  NO_IDEMPOTENCY_FIELD: directWriteWithout(isIdempotencyInput),
  NO_CONFLICT_GUARD: directWriteWithout(isGuardInput),
  AMBIGUOUS_READ_WRITE_TOOL: (_, authority) =>
    isDirectWrite(authority) && authority.reads.length > 0 ? [...authority.reads, ...authority.writes] : undefined,
  MISSING_BUSINESS_DESCRIPTION: ({ description }) => (description.trim() === '' ? [] : undefined),
  MISSING_RISK_ANNOTATIONS: ({ annotations }) => (Object.keys(annotations).length === 0 ? [] : undefined),
  MISSING_TEST_FIXTURE: ({ has_examples }) => (has_examples ? undefined : []),
} as const satisfies Partial<Record<AuditCodeName, Rule>>

/** Everything that the rules find in tools, heaviest first. */
export function auditTools(tools: readonly AuditTool[]): readonly Finding[] {
  return inOrder(tools.flatMap(auditTool))
}

/** As the table of codes lists them, which is heaviest first. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const places = new Map(Object.keys(AUDIT_CODES).map((code, place) => [code, place]))
  const placeOf = ({ code }: Finding): number => places.get(code) ?? places.size
  return findings.toSorted((a, b) => placeOf(a) - placeOf(b))
}

function auditTool(tool: AuditTool): readonly Finding[] {
  const authority = authorityOf(tool)
  return ruleEntries().flatMap(([code, rule]) => {
    const evidence = rule(tool, authority)
    return evidence === undefined ? [] : [findingOf(code, evidence, tool.name)]
  })
}

function ruleEntries(): readonly [keyof typeof RULES, Rule][] {
  return Object.keys(RULES)
    .filter((code): code is keyof typeof RULES => Object.hasOwn(RULES, code))
    .map((code) => [code, RULES[code]])
}

/** The most pieces of evidence that one finding tells. */
const MOST_EVIDENCE = 20

/** A finding as the report carries it. */
export function findingOf(code: AuditCodeName, evidence: readonly string[], tool?: string): Finding {
  const { severity, message, recommendation } = AUDIT_CODES[code]
  const more = evidence.length - MOST_EVIDENCE
  return {
    severity,
    code,
    ...(tool === undefined ? {} : { tool: told(tool) }),
    message,
    evidence: [...evidence.slice(0, MOST_EVIDENCE), ...(more > 0 ? [`and ${more} more`] : [])],
    recommendation,
    remediation_url: remediationUrl(code),
  }
}

function isDirectWrite({ writes, proposes }: Authority): boolean {
  return writes.length > 0 && !proposes
}

function inputRule(matches: (input: InputField) => boolean): Rule {
  return ({ inputs }) => some(inputs.filter(matches).map(toEvidence))
}

function directWriteWithout(matches: (input: InputField) => boolean): Rule {
  return ({ inputs }, authority) => (isDirectWrite(authority) && !inputs.some(matches) ? authority.writes : undefined)
}

function toEvidence({ path }: InputField): string {
  return `input ${told(path)}`
}

function some(evidence: readonly string[]): Evidence {
  return evidence.length === 0 ? undefined : evidence
}
