import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { projectRoot, runCommand } from '../../support/command.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-ai-7-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What only the types of version 7 know: a context for each tool. */
const CONTEXTS = `
import { generateText } from 'ai'
import { createAISDKTools } from '${projectRoot}adapters/ai/index.js'
import type { Session, ToolSource } from '${projectRoot}src/index.js'

const tools = createAISDKTools({} as Session, { status_tool: true })
const given = { model: 'none', prompt: 'p', tools }
generateText(given)
generateText({ ...given, toolsContext: { synapsor__proposal_status: { tenant_id: 'acme' } } })
// @ts-expect-error a context is an object
generateText({ ...given, toolsContext: { synapsor__proposal_status: 'acme' } })

interface User {
  readonly tenant: string
}
const typed = createAISDKTools({} as ToolSource<{ version: 1; mode: 'review'; capabilities: [] }, User>, { status_tool: true })
const asked = { model: 'none', prompt: 'p', tools: typed }
const user: User = { tenant: 'acme' }
generateText({ ...asked, toolsContext: { synapsor__proposal_status: user } })
// @ts-expect-error the source needs a context
generateText(asked)
// @ts-expect-error and this one
generateText({ ...asked, toolsContext: { synapsor__proposal_status: { user: 'sam' } } })
`

it('compiles with the types of AI SDK 7, and lets it carry a context to each tool', async () => {
  const version7 = join(projectRoot, 'node_modules/ai-7/dist/index.d.ts')
  writeFileSync(join(folder, 'contexts.mts'), CONTEXTS)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(projectRoot, 'tsconfig.json'),
      compilerOptions: {
        rootDir: '/',
        paths: { ai: [version7] },
        typeRoots: [join(projectRoot, 'node_modules/@types')],
      },
      include: [],
      files: [join(projectRoot, 'test/types/ai.test-d.ts'), 'contexts.mts'],
    }),
  )
  const { exitCode, output } = await runCommand('tsc', '--project', folder)
  expect(exitCode, output).toBe(0)
})
