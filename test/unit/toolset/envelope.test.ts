import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { isEnvelope } from '../../../src/index.js'
import { type Envelope, envelope } from '../../../src/protocol/envelope.js'
import type { JsonSchema } from '../../../src/toolset/json-schema.js'
import { toModelView } from '../../../src/toolset/model-view.js'
import { PROPOSAL_OUTPUT } from '../../../src/toolset/output-schema.js'

/** Every field that an envelope can have. */
const whole: Envelope = {
  ok: true,
  summary: 'Said.',
  kind: 'proposal',
  capability: 'a.b',
  data: [{ id: 'x', fee: 5500, open: true, note: null }],
  proposal: {
    id: 'wrp_1',
    hash: 'sha256:1',
    status: 'pending_review',
    target: { type: 'invoices', id: 'INV-1' },
    diff: { fee: { before: 5500, after: 0 } },
    approval: { required_role: 'lead', required_approvals: 1 },
    decision: { decision: 'rejected', reason: 'No.' },
    information_requested: 'Why?',
    receipt_status: 'applied',
    expires_at: '2026-01-01T00:00:00.000Z',
    next_allowed_actions: ['approve'],
    awaiting: 'reviewer',
    next: 'Wait.',
  },
  run: {
    run_id: 'run_1',
    status: 'running',
    evidence_bundle_id: 'ev_1',
    proposal_id: null,
    branch: 'main',
    next_allowed_actions: ['continue'],
    awaiting: null,
    waiting_for: 'asked',
    question: 'Which?',
  },
  error: {
    code: 'BUSY',
    message: 'Busy.',
    retry: 'same_request',
    retry_after_ms: 10,
    details: { argument: 'x' },
    next: 'Call again.',
  },
  evidence: { bundle_id: 'ev_1', row_count: 1, truncated: false, untrusted_columns: ['note'] },
  source_database_changed: false,
}

type Path = readonly (string | number)[]

/** Every place in a value. */
function pathsIn(value: unknown): readonly Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const step = Array.isArray(value) ? Number(key) : key
    return [[step], ...pathsIn(inner).map((path) => [step, ...path])]
  })
}

/** A copy with something else in one place, or nothing. */
function changed(path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(whole)
  const last = path.at(-1) ?? ''
  const parent = path.slice(0, -1).reduce<unknown>((at, step) => Reflect.get(Object(at), step), copy)
  if (value === undefined && !Array.isArray(parent)) Reflect.deleteProperty(Object(parent), last)
  else Reflect.set(Object(parent), last, value)
  return copy
}

const OTHERS = [
  undefined,
  null,
  '',
  'text',
  7,
  1.5,
  Number.NaN,
  true,
  false,
  [],
  ['text'],
  [7],
  {},
  { a: 1 },
  { a: {} },
]

describe('isEnvelope', () => {
  it('has all fields of an envelope before it', () => {
    expect(envelope().parse(whole)).toEqual(whole)
    const fieldsOf = (schema: JsonSchema): readonly string[] => Object.keys(schema.properties ?? {}).sort()
    const { properties } = z.toJSONSchema(envelope()) as { properties: Record<string, JsonSchema> }
    expect(Object.keys(whole).sort()).toEqual(Object.keys(properties).sort())
    for (const part of ['proposal', 'run', 'error', 'evidence'] as const) {
      expect(Object.keys(whole[part] ?? {}).sort()).toEqual(fieldsOf(properties[part] ?? {}))
    }
  })

  it.each(pathsIn(whole).map((path) => [path.join('.'), path] as const))('agrees with the schema on %s', (_, path) => {
    for (const other of OTHERS) {
      // Which runs there are says only the schema.
      if (path.join('.') === 'run.status' && typeof other === 'string') continue
      const value = changed(path, other)
      expect([other, isEnvelope(value)]).toEqual([other, envelope().safeParse(value).success])
    }
  })

  it.each([undefined, null, 'text', 7, [], {}, [whole], () => whole])('refuses %j', (value) => {
    expect(isEnvelope(value)).toBe(false)
  })

  it('lets through what a later version adds', () => {
    expect(isEnvelope({ ...whole, later: 1 })).toBe(true)
  })
})

describe('the output schema', () => {
  const schemaOf = (name: string) => (z.toJSONSchema(envelope()).properties?.[name] ?? {}) as JsonSchema
  const fields = ({ properties }: JsonSchema = {}) => Object.keys(properties ?? {}).sort()
  const needed = ({ required }: JsonSchema = {}) => [...(required ?? [])].sort()
  const { properties } = PROPOSAL_OUTPUT

  it('has the fields of an envelope for a model', () => {
    // What only a read and only a run have.
    const all = fields(z.toJSONSchema(envelope()) as JsonSchema)
    expect(fields(PROPOSAL_OUTPUT)).toEqual(all.filter((name) => name !== 'data' && name !== 'run'))
    expect(fields(properties.error)).toEqual(fields(schemaOf('error')))
    expect(needed(properties.error)).toEqual(needed(schemaOf('error')))
    expect(fields(properties.evidence)).toEqual(fields(schemaOf('evidence')))
    const { proposal } = toModelView(whole, 'full')
    expect(fields(properties.proposal)).toEqual(Object.keys(proposal ?? {}).sort())
  })

  it.each(['target', 'approval', 'decision'])('has the same fields in the %s of a proposal', (part) => {
    const own = properties.proposal?.properties?.[part]
    const other = schemaOf('proposal').properties?.[part]
    expect(fields(own)).toEqual(fields(other))
    expect(needed(own)).toEqual(needed(other))
  })

  it.each(['error.retry', 'proposal.decision.decision', 'kind'])('knows the same values of %s', (path) => {
    const at = (schema: JsonSchema | undefined) =>
      path.split('.').reduce<JsonSchema | undefined>((part, name) => part?.properties?.[name], schema)?.enum
    expect(at(PROPOSAL_OUTPUT)).toEqual(at(z.toJSONSchema(envelope()) as JsonSchema))
  })

  it.each(['full', 'summary', 'handles_only'] as const)('asks for no field that is not there at %s', (level) => {
    const shown = toModelView(whole, level)
    const { diff } = properties.proposal?.properties ?? {}
    expect(Object.keys(shown)).toEqual(expect.arrayContaining([...PROPOSAL_OUTPUT.required]))
    expect(Object.keys(shown.proposal ?? {})).toEqual(expect.arrayContaining(needed(properties.proposal)))
    expect(Object.keys(shown.evidence ?? {})).toEqual(expect.arrayContaining(needed(properties.evidence)))
    const change = diff?.additionalProperties
    expect(typeof change === 'object' ? needed(change) : undefined).toEqual(['after'])
  })
})
