import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pages, projectRoot } from '../../../docs/generate/files.js'
import { TERMINAL_CONTRACT } from '../../../docs/generate/programs/contract.js'
import { COMMANDS, GROUPS } from '../../../src/cli/commands/index.js'
import { processIo } from '../../../src/cli/io.js'
import { buildProgram, type Execute } from '../../../src/cli/program.js'
import { validateConfig } from '../../../src/index.js'

const shown = [...pages(), 'docs/command-line.md'].map((page) => ({
  page,
  text: readFileSync(join(projectRoot, page), 'utf8'),
}))
const lines = shown.flatMap(({ page, text }) => linesIn(text).map((line) => ({ page, line })))

describe('a line to type', () => {
  it('stands in the pages about the command line', () => {
    expect(lines.length).toBeGreaterThan(60)
  })

  it.each(lines)('of $page is understood: $line', async ({ line }) => {
    expect(await understood(line)).toBe(true)
  })
})

const parts = shown.flatMap(({ page, text }) =>
  [...text.matchAll(/^```json\n([\s\S]*?)^```$/gm)]
    .map(([, json = '']) => ({ page, json }))
    .filter(({ json }) => /^\{\s*"(?:trusted_context|operators|rate_limits|adapters|sources|executors)"/.test(json)),
)

describe('a part of a contract', () => {
  it('stands in the pages about server, review and operations', () => {
    const found = parts.map(({ page }) => page)
    expect(found).toEqual(expect.arrayContaining(['docs/mcp-server.md', 'docs/operations.md', 'docs/reviewing.md']))
  })

  it.each(parts)('of $page is valid beside the rest', ({ json }) => {
    expect(validateConfig({ ...TERMINAL_CONTRACT, ...JSON.parse(json) }).errors).toEqual([])
  })
})

/** What begins with the program, in blocks for a shell and in running text. */
function linesIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block.replaceAll('\\\n', ' '))
  const inText = [...text.matchAll(/`((?:npx )?synapsor-runner [^`<]+)`/g)].map(([, line = '']) => line)
  return [...blocks.flatMap((block) => block.split('\n')), ...inText]
    .map((line) => /^(?:npx )?synapsor-runner (.+?)(?:\s+#.*|\s+>.*)?$/.exec(line)?.[1])
    .filter((line) => line !== undefined)
}

/** Whether the program knows the command and its options. Nothing is run. */
async function understood(line: string): Promise<boolean> {
  let found = false
  const io = { ...processIo(), env: {}, out: () => {}, err: () => {} }
  const execute: Execute = async ({ is_later }) => {
    found = is_later !== true
  }
  const program = buildProgram(COMMANDS, { groups: GROUPS, io, complain: io.err, execute })
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, one, other, word]) => one ?? other ?? word ?? '',
  )
  await program.parseAsync(words, { from: 'user' }).catch(() => undefined)
  return found
}
