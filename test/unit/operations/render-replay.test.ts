import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toProposal } from '../../../src/operations/proposal.js'
import { renderReplay } from '../../../src/operations/render-replay.js'
import type { Replay } from '../../../src/operations/replay.js'
import { sealEntry } from '../../../src/protocol/entry.js'
import { foldProposal } from '../../../src/protocol/state.js'
import { sampleEvidence, sampleProposal } from '../../../src/testing/ledger-samples.js'

const { created } = sampleProposal({ number: 1 })
const { evidence } = sampleEvidence({ number: 1 })
const entry = sealEntry(created, 1, 'sha256:0', 'salt')
const proposal = toProposal(foldProposal([entry]), new Date('2026-01-03T00:00:00.000Z'))

function replayWith(text: string): Replay {
  return {
    schema_version: 'synapsor.replay.v1',
    proposal: { ...proposal, diff: { note: { before: text, after: null } } },
    evidence: { ...evidence, rows: [{ customer: { type: 'text', text } }] },
    evidence_verified: true,
    timeline: [{ seq: 1, at: entry.at, type: entry.type, hash: entry.hash, body: { approver: { id: text } } }],
  }
}

const markdown = (text: string) => renderReplay(replayWith(text), 'markdown')
const lines = (text: string) => markdown(text).split('\n').length

describe('a rendered replay', () => {
  it('says what was proposed, on what, and by whom', () => {
    const rendered = markdown('Ann')
    expect(rendered).toMatch(/^# Replay of wrp_/)
    expect(rendered).toContain('| Object | invoice INV-1 |')
    expect(rendered).toContain('| note | Ann | *null* |')
    expect(rendered).toContain('No receipt: nothing was written.')
  })

  it.each([
    [{ approver: { id: 'dana' } }, 'dana'],
    [{ by: 'bob' }, 'bob'],
    [{ by: null }, ''],
    [{ approver: null, by: 7 }, ''],
    [null, ''],
    ['dana', ''],
  ])('says who acted, where an entry names somebody: %j', (body, name) => {
    const replay = replayWith('Ann')
    const rendered = renderReplay(
      { ...replay, timeline: replay.timeline.map((step) => ({ ...step, body })) },
      'markdown',
    )
    expect(rendered).toContain(`| proposal.created | ${name} | ${entry.hash.slice(0, 19)} |`)
  })

  it('says that evidence is gone', () => {
    expect(renderReplay({ ...replayWith('Ann'), evidence: null }, 'markdown')).toContain(
      'not available or not as recorded',
    )
  })

  it('is canonical JSON for tools', () => {
    const rendered = renderReplay(replayWith('Ann'), 'json')
    expect(JSON.parse(rendered)).toEqual(JSON.parse(JSON.stringify(replayWith('Ann'))))
    expect(renderReplay(replayWith('Ann'), 'json')).toBe(rendered)
  })

  it.each([
    ['a cell', 'a | b', 'a &#124; b'],
    ['code', '`x`', '&#96;x&#96;'],
    ['emphasis', '*x* _y_', '&#42;x&#42; &#95;y&#95;'],
    ['a name with underscores', 'late_fee_cents', 'late_fee_cents'],
    ['a link', '[x](y)', '&#91;x&#93;(y)'],
    ['an image', '![x](y)', '&#33;&#91;x&#93;(y)'],
    ['an address', 'https://evil.example', 'https&#58;//evil.example'],
    ['an address without a scheme', 'www.evil.example', 'www&#46;evil.example'],
    ['a tag', '<b>&amp;', '&lt;b>&amp;amp;'],
    ['a strike', '~~x~~', '&#126;&#126;x&#126;&#126;'],
    ['an escape', '\\x', '&#92;x'],
    ['a new line', 'a\nb', 'a&#92;u{a}b'],
    ['a terminal command', '\u001b[2J', '&#92;u{1b}&#91;2J'],
    ['reversed text', '\u202ex', '&#92;u{202e}x'],
    ['a lone surrogate', '\ud800', '&#92;u{d800}'],
    ['a null in words', '*null*', '&#42;null&#42;'],
  ])('takes the effect from %s', (_, text, shown) => {
    expect(markdown(text)).toContain(`| customer | ${shown} |`)
  })

  it('has the same lines and cells whatever the text is', () => {
    const usual = lines('Ann')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(lines(text)).toBe(usual)
        const [row = ''] = markdown(text).match(/^\| customer \|.*$/m) ?? []
        expect(row.split('|')).toHaveLength(4)
        expect(row).not.toMatch(/[<`[\]\\~]|:\/\/|\p{Cc}|\p{Cf}/u)
      }),
    )
  })
})
