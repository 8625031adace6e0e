import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../support/command.js'
import { runNode } from '../../unit/docs/run-program.js'

const EXAMPLES = [
  'ai-sdk',
  'openai-agents',
  'langgraph',
  'mcp-embedded',
  'mcp-handler',
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

/** The process that starts the run is killed each time, right after it. */
describe.each(['steps', 'function'])('examples/refund-desk/%s.ts', (form) => {
  it('is taken from a dead process to its end, and changes each row once', async () => {
    const { exitCode, stdout, stderr } = await runNode([`examples/refund-desk/${form}.ts`], { cwd: projectRoot })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/the first process is gone[\s\S]*mira approves support.propose_refund/)
    expect(stdout).toMatch(/completed [\s\S]*refund_cents: 4900, version: 2 [\s\S]*status: 'closed', version: 2 /)
    expect(stdout.match(/mail: /g) ?? []).toHaveLength(form === 'function' ? 1 : 0)
  })
})

const AS_ONE_TOOL = ['ai-sdk', 'openai-agents', 'langgraph', 'langgraph-node', 'mcp', 'function-calling']

describe.each(AS_ONE_TOOL)('examples/refund-desk/%s.ts', (framework) => {
  it('starts a run, is left half way, and is told the end by its id', async () => {
    const { exitCode, stdout, stderr } = await runNode([`examples/refund-desk/${framework}.ts`], { cwd: projectRoot })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const [before, after] = stdout.split(/^the first \w+ is gone$/m)
    expect(before).toMatch(/"run_id":"run_…","status":"waiting_approval"/)
    expect(before).not.toMatch(/mira approves|completed/)
    expect(after).toMatch(/mira approves support.propose_refund\n[\s\S]*mira approves support.propose_close\n/)
    expect(after).toMatch(/the operator resumes: completed\n[\s\S]*\bcompleted\b[\s\S]*\n\{/)
    expect(after).toMatch(/refund_cents: 4900, version: 2 [\s\S]*status: 'closed', version: 2 /)
  })
})
