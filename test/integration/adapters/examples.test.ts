import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../support/command.js'
import { runNode } from '../../unit/docs/run-program.js'

const EXAMPLES = [
  'ai-sdk',
  'openai-agents',
  'langgraph',
  'mcp-embedded',
  'function-calling',
  'express-app',
  'next-route',
]

/** Without keys each goes through the whole loop with a scripted model. */
describe.each(EXAMPLES)('examples/%s.ts', (name) => {
  it('proposes, waits for a person, and applies once', async () => {
    const env = { OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '' }
    const { exitCode, stdout, stderr } = await runNode([`examples/${name}.ts`], { cwd: projectRoot, env })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/pending_review/)
    expect(stdout).toMatch(/applied/)
  })
})
