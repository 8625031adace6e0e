import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../docs/generate/files.js'
import { expectRefusal, expectValue, isDemoFailure } from '../../../examples/demo/expect.js'
import { createRunner, loadConfig, RunnerError, validateConfig } from '../../../src/index.js'
import { type Ran, runNode } from './run-program.js'

const temporary = mkdtempSync(join(tmpdir(), 'synapsor-demo-test-'))

function demo(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return runNode(['examples/demo/main.ts', ...args], { cwd: projectRoot, env: { TMPDIR: temporary, ...env } })
}

afterAll(() => rmSync(temporary, { recursive: true, force: true }))

describe('the demo', () => {
  let ran: Ran
  let folder = ''

  beforeAll(async () => {
    ran = await demo()
    folder = /Everything lies in (.+):/.exec(ran.stdout)?.[1] ?? ''
  })

  it('goes through the whole loop', () => {
    expect(ran.stderr).toBe('')
    expect(ran.exitCode).toBe(0)
    for (const word of ['SELF_APPROVAL', 'already_applied', 'conflict', 'INTEGRITY', 'NOT_FOUND', '# Replay of']) {
      expect(ran.stdout).toContain(word)
    }
  })

  it('is plain in a pipe', () => {
    expect(ran.stdout).not.toContain('\u001b')
  })

  it('leaves a contract, a source and a ledger to go on from', async () => {
    const config = loadConfig(join(folder, 'synapsor.runner.json'))
    const runner = createRunner(config)
    const [example] = config.capabilities[1]?.examples ?? []
    const proposal = await runner.session().propose('billing.propose_late_fee_waiver', example ?? {})
    await runner.reviewer({ id: 'dana' }).approve(proposal.id, { hash: proposal.hash })
    expect(await runner.apply(proposal.id)).toMatchObject({ status: 'applied' })
    expect(await runner.ledger.verify()).toMatchObject({ ok: true })
    await runner.close()
  })

  it('writes a contract whose only warning is its literal tenant', () => {
    const { warnings } = validateConfig(loadConfig(join(folder, 'synapsor.runner.json')))
    expect(warnings.map((warning) => warning.code)).toEqual(['STATIC_CONTEXT'])
  })
})

describe('the demo of a workflow', () => {
  let ran: Ran
  let folder = ''

  beforeAll(async () => {
    ran = await demo(['workflow'])
    folder = /Everything lies in (.+):/.exec(ran.stdout)?.[1] ?? ''
  })

  it('waits, is asked, is answered, is approved, and is applied by the operator', () => {
    expect(ran.stderr).toBe('')
    expect(ran.exitCode).toBe(0)
    const statuses = [...ran.stdout.matchAll(/ok \{"status":"(\w+)"/g)].map(([, status]) => status)
    expect(statuses).toEqual([
      'waiting_approval',
      'waiting_information',
      'waiting_approval',
      'waiting_apply',
      'completed',
    ])
    expect(ran.stdout).toMatch(/# Replay of run_[\s\S]*# Replay of wrp_[\s\S]*# Replay of wrp_/)
  })

  it('leaves a contract, a source and a ledger to go on from', async () => {
    const config = loadConfig(join(folder, 'synapsor.runner.json'))
    expect(validateConfig(config).warnings.map((warning) => warning.code)).toEqual(['STATIC_CONTEXT'])
    const runner = createRunner(config)
    const input = { invoice_id: 'INV-3004', reason: 'payment page down' }
    expect(await runner.session().workflow('billing.waive_late_fee').start(input)).toMatchObject({
      status: 'waiting_approval',
    })
    expect(await runner.ledger.verify()).toMatchObject({ ok: true })
    await runner.close()
  })
})

it.each(['runs', 'Workflow', '--slow'])('the demo knows no %s, and says what there is', async (word) => {
  const { stdout, stderr, exitCode } = await demo([word])
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
  expect(stderr).toContain(`The demo knows no "${word}".`)
  expect(stderr).toContain('npm run demo -- workflow')
})

describe('the quick demo', () => {
  it.each([
    ['the whole loop', ['--quick'], 11],
    ['a workflow', ['workflow', '--quick'], 9],
  ])('tells each step of %s in a line and keeps nothing', async (_, args, steps) => {
    const before = readdirSync(temporary)
    const { stdout, stderr, exitCode } = await demo(args)
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(stdout.match(/^ ?\d+ {2}\S/gm)).toHaveLength(steps)
    expect(readdirSync(temporary)).toEqual(before)
  })
})

describe('a demo that does not behave', () => {
  it('says so and exits with 1', async () => {
    const broken =
      'data:text/javascript,process.getBuiltinModule("node:fs").mkdtempSync=()=>{throw Error("no folder")};process.getBuiltinModule("node:module").syncBuiltinESMExports()'
    const { exitCode, stderr } = await demo(['--quick'], { NODE_OPTIONS: `--import ${JSON.stringify(broken)}` })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('The demo did not behave as it should. no folder')
  })

  it('is noticed where a value differs', () => {
    expect(() => expectValue('The fee', 1, 2)).toThrow(expect.objectContaining({ demoFailure: expect.any(String) }))
  })

  it.each([
    ['a call goes through', async () => undefined],
    ['another code comes back', async () => Promise.reject(new RunnerError('BUSY', 'Later.'))],
    ['something else is thrown', async () => Promise.reject(new Error('no'))],
  ])('is noticed where %s instead of a refusal', async (_, call) => {
    const failure = await expectRefusal('NOT_FOUND', call()).catch((error: unknown) => error)
    expect(isDemoFailure(failure)).toBe(true)
  })
})

it('the examples directory has what the documents name', () => {
  const files = ['sqlite.ts', 'postgres.ts', 'mysql.ts', 'embedded-propose-only.ts', 'readme.ts', 'demo/main.ts']
  expect(files.filter((file) => !existsSync(join(projectRoot, 'examples', file)))).toEqual([])
})
