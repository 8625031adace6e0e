import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { audit } from '../../../src/audit/audit.js'
import { checkBypass } from '../../../src/audit/bypass.js'
import { parseClientConfig } from '../../../src/audit/client-config.js'
import { parseTools } from '../../../src/audit/manifest.js'
import { AUDIT_FORMATS, renderAudit } from '../../../src/cli/audit/render-audit.js'
import { splitWords } from '../../../src/cli/audit/split-words.js'
import { escapeUntrusted } from '../../../src/cli/untrusted-text.js'
import { toolWith } from './audited.js'

const HOSTILE = 'delete_\u001b[2J\u009b31m\u202e|[x](javascript:1)<img src=x>\n# \u2028`y`\u200b\u{e0041}'

const report = audit({
  target: `tools-${HOSTILE}.json`,
  tools: parseTools([toolWith({ name: HOSTILE }), toolWith({ name: HOSTILE }), toolWith({ name: 'x'.repeat(500) })]),
  bypass: checkBypass(parseClientConfig({ mcpServers: { [`${HOSTILE} postgres`]: { command: 'x' } } }) ?? []),
  now: new Date('2030-03-04T09:15:00Z'),
})

it.each(AUDIT_FORMATS)('%s holds no character that a terminal obeys or a reader cannot see', (format) => {
  const rendered = renderAudit(report, format, { colors: false })
  expect(rendered).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
  expect(rendered).toContain('WRITE_WITHOUT_PROPOSAL_BOUNDARY')
})

describe('the text', () => {
  it.each([40, 80, 120])('fits %i columns', (columns) => {
    const lines = renderAudit(report, 'text', { columns }).split('\n')
    const tooLong = lines.filter((line) => line.length > columns && !line.includes('https://'))
    expect(tooLong).toEqual([])
  })

  it('has colours where they are asked for', () => {
    expect(renderAudit(report, 'text', { colors: true })).toContain('\u001b[')
  })

  it('tells of each code once and of each tool', () => {
    const text = renderAudit(report, 'text')
    expect(text.match(/WRITE_WITHOUT_PROPOSAL_BOUNDARY/g)).toHaveLength(1)
    expect(text).toContain('This is a static risk review, not proof that an MCP server is secure.')
  })
})

it('the JSON is the report', () => {
  expect(JSON.parse(renderAudit(report, 'json'))).toEqual(report)
})

it('the Markdown has nothing active of the server', () => {
  const markdown = renderAudit(report, 'markdown')
  expect(markdown).not.toContain('<img')
  expect(markdown).not.toContain('](javascript')
  for (const row of markdown.split('\n').filter((line) => line.startsWith('| HIGH'))) {
    expect(row.split('|')).toHaveLength(7)
  }
})

it('the Markdown has no formulas, short names of pictures or addresses of the server', () => {
  const tools = parseTools([toolWith({ name: 'delete $x^2$ :tada: mailto:a http://b' })])
  const markdown = renderAudit(audit({ target: 'x', tools, now: new Date('2030-03-04T09:15:00Z') }), 'markdown')
  expect(markdown).toContain('delete &#36;x^2&#36; &#58;tada: mailto&#58;a http&#58;//b')
})

const sarif = z.object({
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.object({
      tool: z.object({
        driver: z.object({
          name: z.string(),
          rules: z.array(z.object({ id: z.string(), help: z.object({ text: z.string().min(1) }), helpUri: z.url() })),
        }),
      }),
      results: z.array(
        z.object({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level: z.enum(['error', 'warning', 'note']),
          message: z.object({ text: z.string() }),
          locations: z.array(z.unknown()).length(1),
          partialFingerprints: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ]),
})

describe('the SARIF', () => {
  const read = () => sarif.parse(JSON.parse(renderAudit(report, 'sarif'))).runs[0]

  it('has a result for each finding, by the rule of its code', () => {
    const { tool, results } = read()
    expect(results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id)).toEqual(
      report.findings.map(({ code }) => code),
    )
    expect(new Set(results.map(({ level }) => level))).toEqual(new Set(['error', 'warning']))
  })

  it('has fingerprints that differ, and are the same in the next run', () => {
    const prints = () => read().results.map(({ partialFingerprints }) => partialFingerprints['synapsorAudit/v1'])
    expect(new Set(prints()).size).toBe(report.findings.length)
    expect(prints()).toEqual(prints())
  })

  it('has no link of the server in a message', () => {
    for (const { message } of read().results) expect(message.text).not.toMatch(/(?<!\\)[[\]]/)
  })
})

describe('text from elsewhere', () => {
  it.each([
    ['colours', 'paid\u001b[31m', 'paid\\u{1b}[31m'],
    ['line breaks', 'a\r\nb\u2028c', 'a\\u{d}\\u{a}b\\u{2028}c'],
    ['reading direction', '\u202eabc\u2066', '\\u{202e}abc\\u{2066}'],
    ['what is not shown', 'a\u200bb\u3164c\u{e0041}', 'a\\u{200b}b\\u{3164}c\\u{e0041}'],
    ['blanks that are none', 'a\u00a0b\tc', 'a\\u{a0}b\\u{9}c'],
    ['halves of characters', 'a\ud800b', 'a\\u{d800}b'],
    ['marks over marks', 'a\u0301\u0302\u0303\u0304\u0305b', 'a\u0301\u0302\u0303\\u{304}\\u{305}b'],
    ['escapes of its own', '\\u{1b} \\n', '\\u{5c}u{1b} \\n'],
  ])('is escaped: %s', (_, text, escaped) => {
    expect(escapeUntrusted(text)).toBe(escaped)
  })

  it('is as it was where nothing is hidden', () => {
    const text = 'Zoë paid 5 € – "late" (٣) 🧾 日本'
    expect(escapeUntrusted(text)).toBe(text)
  })
})

describe('a command is split', () => {
  it.each([
    ['node server.js', ['node', 'server.js']],
    ['  node \t "a b" \'c "d"\' ', ['node', 'a b', 'c "d"']],
    ['a\\ b "c\\"d" "e\\f" \'g\\h\'', ['a b', 'c"d', 'e\\f', 'g\\h']],
    ['--x="a b"c', ['--x=a bc']],
    ['a "" \'\'', ['a', '', '']],
    ['a $HOME `b` | c; d > e *', ['a', '$HOME', '`b`', '|', 'c;', 'd', '>', 'e', '*']],
    ['', []],
  ])('%s', (line, words) => {
    expect(splitWords(line)).toEqual(words)
  })

  it.each(['node "server.js', "node 'server"])('never where a quote is open: %s', (line) => {
    expect(() => splitWords(line)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
