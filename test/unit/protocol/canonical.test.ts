import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, digest, digestText } from '../../../src/protocol/canonical.js'
import { evidenceDigest } from '../../../src/protocol/evidence.js'
import { jobDigest } from '../../../src/protocol/job.js'
import { objectKey, proposalHash } from '../../../src/protocol/proposal.js'
import { receiptHash, sealReceipt } from '../../../src/protocol/receipt.js'
import { sampleEvidence, sampleProposal, sampleReceipt } from '../../../src/testing/ledger-samples.js'

describe('canonical JSON', () => {
  it('is that of RFC 8785: the example of its section 3.2.2', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u002f',
      literals: [null, true, false],
    }
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  it('sorts names by their UTF-16 units: the example of its section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro',
      '\r': 'CR',
      '\ufb33': 'Dalet',
      '1': 'One',
      '\ud83d\ude00': 'Smile',
      '\u0080': 'C',
      '\u00f6': 'o',
    }
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toEqual([
      'One',
      'CR',
      'C',
      'o',
      'Euro',
      'Smile',
      'Dalet',
    ])
    expect(canonicalJson(value)).toBe(
      '{"\\r":"CR","1":"One","\u0080":"C","\u00f6":"o","\u20ac":"Euro","\ud83d\ude00":"Smile","\ufb33":"Dalet"}',
    )
  })

  it.each([
    [0, '0'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [-5e-324, '-5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [1e21, '1e+21'],
    [9.999999999999997e22, '9.999999999999997e+22'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    [333333333.3333332, '333333333.3333332'],
  ])('spells %d as its appendix B does', (number, text) => {
    expect(canonicalJson(number)).toBe(text)
  })

  it.each([
    ['NaN', Number.NaN],
    ['infinity', [Infinity]],
    ['a bigint', { a: 5n }],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['nothing', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
  ])('has no words for %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })

  it('does not depend on the order of names, and says the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).toReversed())
        expect(canonicalJson(turned)).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe('a digest', () => {
  it('is SHA-256 over its domain, a NUL and the canonical text', () => {
    const expected = createHash('sha256').update('synapsor.test.v1\0{"a":1}').digest('hex')
    expect(digest('synapsor.test.v1', { a: 1 })).toBe(`sha256:${expected}`)
    expect(digestText('synapsor.test.v1', '{"a":1}')).toBe(`sha256:${expected}`)
  })

  it('of one value is another one in another domain', () => {
    const { frozen } = sampleProposal({ number: 1 })
    const { evidence } = sampleEvidence({ number: 1 })
    const receipt = sampleReceipt(sampleProposal({ number: 1 }), 1)
    const { receipt_hash: _, ...content } = receipt
    const digests = [
      [proposalHash(frozen), digest('synapsor.proposal.v2', frozen)],
      [evidenceDigest(evidence), digest('synapsor.evidence.v1', evidence)],
      [receiptHash(receipt), digest('synapsor.execution-receipt.v2', content)],
      [jobDigest(frozen), digest('synapsor.writeback-job.v2', frozen)],
    ] as const
    for (const [actual, expected] of digests) expect(actual).toBe(expected)
    expect(proposalHash(frozen)).not.toBe(jobDigest(frozen))
  })

  it('moves with every byte of a proposal', () => {
    const { frozen } = sampleProposal({ number: 1 })
    const seen = new Set([proposalHash(frozen)])
    for (const key of Object.keys(frozen)) seen.add(proposalHash({ ...frozen, [key]: 'edited' }))
    expect(seen.size).toBe(Object.keys(frozen).length + 1)
  })

  it('of a receipt covers every other field', () => {
    const { receipt_hash, schema_version: _, ...body } = sampleReceipt(sampleProposal({ number: 1 }), 1)
    for (const key of Object.keys(body)) {
      expect(
        sealReceipt({ ...body, [key]: key === 'details' ? { edited: true } : 'edited' } as typeof body).receipt_hash,
      ).not.toBe(receipt_hash)
    }
  })
})

describe('the key of an object', () => {
  const { frozen } = sampleProposal({ number: 1 })
  const keyOf = (target: object, source: object = {}) =>
    objectKey({ ...frozen, source: { ...frozen.source, ...source }, target: { ...frozen.target, ...target } })

  it('is one for one row of one tenant, whoever proposes what', () => {
    expect(objectKey({ ...frozen, context: { ...frozen.context, principal: 'somebody else' } })).toBe(objectKey(frozen))
    expect(keyOf({ type: 'another word' })).toBe(objectKey(frozen))
  })

  it('is another one for another row, table, schema, source or tenant', () => {
    const text = { type: 'text', text: 'other' }
    const keys = [
      objectKey(frozen),
      keyOf({ primary_key: { column: 'id', value: text } }),
      keyOf({ table: 'other' }),
      keyOf({ schema: 'other' }),
      keyOf({ tenant_guard: { column: 'tenant_id', value: text } }),
      keyOf({}, { name: 'other' }),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })
})
