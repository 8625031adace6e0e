import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../docs/generate/files.js'
import { layOut } from '../../../docs/generate/json.js'
import { fillBlocks } from '../../../docs/generate/snippets.js'

const sources = {
  readText: () => '// #region here\ncode()\n// #endregion',
  runExample: async () => 'said\n',
  printed: (name: string) => (name === 'tokens' ? '| a |\n| --- |\n| 1 |' : `{ "name": "${name}" }`),
}

describe('the blocks of a page', () => {
  it.each([
    ['a region', 'snippet: a.ts#here', '```ts\nold\n```', '```ts\ncode()\n```'],
    ['what an example says', 'output: a.ts', '```text\nold\n```', '```text\nsaid\n```'],
    ['what is printed', 'printed: read.full', '```json\n{}\n```', '```json\n{ "name": "read.full" }\n```'],
    ['a printed table', 'printed: tokens', '| old |\n| --- |', '| a |\n| --- |\n| 1 |'],
  ])('are filled with %s, and nothing around them changes', async (_, marker, before, after) => {
    const page = (block: string) => `# Title\n\n<!-- ${marker} -->\n\n${block}\n\nText, and | a bar.\n`
    expect(await fillBlocks(page(before), sources)).toBe(page(after))
  })

  it('import the package, where an example imports its sources', async () => {
    const code = [
      `import { createRunner } from '../src/index.js'`,
      `import { refuse } from '../../../src/handler/index.js'`,
      `import { createTools } from '../../adapters/ai-sdk/index.js'`,
      `import { actions } from './actions.js'`,
    ].join('\n')
    const readText = () => `// #region here\n${code}\n// #endregion`
    const filled = await fillBlocks('<!-- snippet: a.ts#here -->\n\n```ts\n```\n', { ...sources, readText })
    expect([...filled.matchAll(/from '(.+)'/g)].map(([, from]) => from)).toEqual([
      ...['@synapsor/runner', '@synapsor/runner/handler', '@synapsor/runner/ai-sdk', './actions.js'],
    ])
  })

  it('are missed where a marker has none', async () => {
    await expect(fillBlocks('<!-- printed: read.full -->\n\nText.\n', sources)).rejects.toThrow('no block')
  })
})

it('JSON keeps the order of its keys, on one line where it fits', () => {
  const long = 'x'.repeat(90)
  expect(layOut({ b: { d: [1, null], c: {} }, a: [{ long }], gone: undefined })).toBe(
    `{\n  "b": { "d": [1, null], "c": {} },\n  "a": [\n    {\n      "long": "${long}"\n    }\n  ]\n}`,
  )
})

const folder = join(projectRoot, 'docs', 'adapters')

describe.each(readdirSync(folder))('docs/adapters/%s', (file) => {
  const page = readFileSync(join(folder, file), 'utf8')

  it('shows no JSON that nobody printed', () => {
    const printed = page.match(/<!-- printed: [\w.]+ -->\n\n```json\n/g) ?? []
    expect(page.match(/^```json\n/gm) ?? []).toHaveLength(printed.length)
  })

  it('counts no tokens by hand', () => {
    expect(page).not.toMatch(/\b\d+ (more )?tokens\b|\babout \d/)
  })
})
