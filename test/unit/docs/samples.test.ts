import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { projectRoot } from '../../../docs/generate/files.js'
import { objectSchema, PUBLISHED_OBJECTS } from '../../../schemas/objects.js'
import { SAMPLES } from '../../../schemas/samples.js'
import { parseV1 } from '../../../src/index.js'
import { canonicalJson } from '../../../src/protocol/canonical.js'
import { evidenceDigest, evidenceV1 } from '../../../src/protocol/evidence.js'
import { proposalHash, proposalV2 } from '../../../src/protocol/proposal.js'
import { receiptHash, receiptV2 } from '../../../src/protocol/receipt.js'
import { V1_OBJECTS } from '../../../src/protocol/v1.js'

const folder = join(projectRoot, 'schemas', 'samples')
/** Objects that carry no version of their own, with a key that they need. */
const UNVERSIONED: Readonly<Record<string, string>> = {
  'synapsor.envelope.v1': 'ok',
  'synapsor.handler-writeback-answer.v1': 'status',
  'synapsor.onboarding-selection.v1': 'engine',
}
const names = readdirSync(folder).sort()

function readSample(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'))
}

describe('a sample', () => {
  it.each(names)('%s parses, and comes back with the same canonical bytes', (name) => {
    const value = readSample(name)
    const object = PUBLISHED_OBJECTS[SAMPLES[name]?.schema ?? '']
    expect(canonicalJson(object?.schema.parse(value))).toBe(canonicalJson(value))
  })

  it.each(names)('%s is closed, unless it is said to be open: one more key is refused', (name) => {
    const object = PUBLISHED_OBJECTS[SAMPLES[name]?.schema ?? '']
    const value = z.record(z.string(), z.unknown()).parse(readSample(name))
    expect(object?.schema.safeParse({ ...value, surprise: 1 }).success).toBe(object?.is_open === true)
  })

  it.each(names.filter((name) => (SAMPLES[name]?.schema ?? '') in V1_OBJECTS))('%s is read by parseV1', (name) => {
    const value = readSample(name)
    expect(canonicalJson(parseV1(value))).toBe(canonicalJson(value))
  })

  it('stands for each published object', () => {
    const shown = new Set(names.map((name) => SAMPLES[name]?.schema))
    expect(Object.keys(PUBLISHED_OBJECTS).filter((name) => !shown.has(name))).toEqual([])
  })

  it('cites digests that fit', () => {
    const proposal = proposalV2().parse(readSample('proposal.v2.json'))
    const receipt = receiptV2().parse(readSample('execution-receipt.applied.v2.json'))
    const evidence = evidenceV1().parse(readSample('evidence.v1.json'))
    expect(receipt.proposal_hash).toBe(proposalHash(proposal))
    expect(receipt.receipt_hash).toBe(receiptHash(receipt))
    expect(proposal.evidence.digest).toBe(evidenceDigest(evidence))
  })
})

describe('the JSON Schema of an object', () => {
  it.each(Object.entries(PUBLISHED_OBJECTS))('%s says which keys are needed, and closes the object', (name, object) => {
    const schema = objectSchema(name, object)
    expect(schema).toMatchObject({ type: 'object', additionalProperties: object.is_open === true ? {} : false })
    expect(schema.required).toEqual(expect.arrayContaining([UNVERSIONED[name] ?? 'schema_version']))
  })

  it('leaves no part open that the object itself closes', () => {
    const rendered = Object.entries(PUBLISHED_OBJECTS).map(([name, object]) => objectSchema(name, object))
    // What zod cannot render comes out as the schema that allows everything.
    const code = z.object({
      properties: z.object({ error: z.object({ properties: z.object({ code: z.unknown() }) }) }),
    })
    const envelope = rendered.find((schema) => String(schema.$id).includes('envelope'))
    expect(code.parse(envelope).properties.error.properties.code).toMatchObject({ type: 'string' })
  })
})

it('the manifest pins the bytes of every schema and sample', () => {
  const manifest = z
    .object({ files: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(projectRoot, 'schemas', 'MANIFEST.json'), 'utf8')))
  const digests = Object.keys(manifest.files).map((path) => [path, digestOf(join(projectRoot, 'schemas', path))])
  expect(Object.fromEntries(digests)).toEqual(manifest.files)
})

function digestOf(path: string): string {
  return `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`
}
