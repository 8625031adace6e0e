import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEDGER_DOCUMENTS } from '../../../src/cli/documents/ledger.js'
import { createRunner, loadConfig, type Runner } from '../../../src/index.js'
import type { SampleEngine } from '../../support/sample-schemas.js'
import { wire } from '../adapters/adapter-world.js'
import { FRAMEWORKS } from './end-to-end-agents.js'
import { STORIES } from './end-to-end-stories.js'
import { type Onboarding, onboard, placeOf, WRITE_URL } from './end-to-end-world.js'
import { describeWrongRoles } from './wrong-roles.js'

/** What the answers decide. */
const DECIDED = ['synapsor.runner.json', '.env.example', 'synapsor.roles.sql']

/** They say how this very program is started again. */
const SNIPPETS = ['generic-stdio', 'claude-desktop', 'cursor', 'vscode'].map((name) => `.synapsor/mcp/${name}.json`)

/** From a database that nobody has prepared to changes that agents proposed and people approved. */
export function describeOnboarding(engine: SampleEngine): void {
  describe.each(STORIES)(`the onboarding of $schema on ${engine}`, (story) => {
    let onboarding: Onboarding
    beforeAll(async () => {
      onboarding = await onboard(story, engine)
    })
    afterAll(() => onboarding?.close())

    it('asks at a terminal, makes a first call, and leaves all that goes with a contract', () => {
      const { folder, exit_code, screen } = onboarding
      expect([exit_code, exit_code === 0 ? '' : screen]).toEqual([0, ''])
      expect(folder.files()).toEqual(expect.arrayContaining([...DECIDED, ...SNIPPETS, 'chosen.json']))
      expect(screen).toContain('First call')
      const variables = folder
        .read('.env.example')
        .split('\n')
        .filter((line) => /^[A-Z]/.test(line))
      expect(variables.sort()).toEqual(
        Object.keys(onboarding.env)
          .map((name) => `${name}=`)
          .sort(),
      )
      expect(JSON.parse(folder.read('synapsor.runner.json'))).toMatchObject({
        mode: 'review',
        capabilities: [
          { name: story.inspect, target: { table: story.table, tenant_key: story.tenant_key } },
          { name: story.propose, conflict_guard: {}, approval: { mode: 'human' } },
        ],
      })
    })

    it('says and writes no password, of whomever', () => {
      const { screen, secrets } = onboarding
      for (const secret of secrets) expect(screen).not.toContain(secret)
      expect(leaksIn(onboarding)).toEqual([])
    })

    it('leaves the same bytes by the saved answers, and by flags that say the same', async () => {
      const { database, folder, extra, setup_env } = onboarding
      const before = DECIDED.map((file) => folder.read(file))
      const writer = engine === 'sqlite' ? [] : ['--write-url-env', WRITE_URL]
      const flags = [...placeOf(database), ...writer, ...story.flags(engine), '--approver', 'dana', '--yes']
      for (const words of [['--spec', 'chosen.json'], flags]) {
        // Answers that are read are not saved over themselves.
        const line = ['init', ...words, ...extra.slice(words === flags ? 0 : 2), '--force']
        const { exit_code, err } = await folder.run(line, { env: setup_env })
        expect([exit_code, exit_code === 0 ? '' : err]).toEqual([0, ''])
        expect(DECIDED.map((file) => folder.read(file))).toEqual(before)
      }
    })

    describe('once an administrator has run what was printed', () => {
      let runner: Runner
      beforeAll(async () => {
        await onboarding.provision()
        runner = createRunner(loadConfig(join(onboarding.folder.path, 'synapsor.runner.json')), { env: onboarding.env })
      })
      afterAll(() => runner?.close())

      it('has a doctor who finds no error', async () => {
        const result = await onboarding.folder.run('doctor --json', { env: onboarding.env })
        const { findings } = LEDGER_DOCUMENTS.doctor.parse(result.document)
        expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
        expect(result.exit_code).toBe(0)
        for (const secret of onboarding.secrets) expect(result.out + result.err).not.toContain(secret)
      })

      it('refuses what goes beyond the answers, and rows of others', async () => {
        const session = runner.session()
        const before = await rowOf(onboarding)
        for (const [args, code] of story.refused) {
          const answer = await session.call(story.propose, { [story.lookup]: story.id, ...args })
          expect([args, answer.error?.code]).toEqual([args, code])
        }
        const foreign = { [story.lookup]: story.foreign_id, ...story.change(1).args }
        const other = await session.call(story.propose, foreign)
        expect(other.error?.code).toBe('NOT_FOUND')
        expect(await rowOf(onboarding)).toEqual(before)
        expect((await runner.proposals.list()).items).toEqual([])
      })

      it.each(FRAMEWORKS.map((framework, place) => ({ ...framework, n: place + 1 })))(
        'lets an agent of $name read one row and propose one change, which is applied once approved',
        async ({ open, n }) => {
          const { names, call } = await open(runner.session())
          expect([...names].sort()).toEqual([story.inspect, story.propose].map(wire).sort())
          const before = await rowOf(onboarding)

          const read = await call(wire(story.inspect), { [story.lookup]: story.id })
          expect(read.envelope).toMatchObject({ ok: true, source_database_changed: false })
          const other = await call(wire(story.inspect), { [story.lookup]: story.foreign_id })
          expect(other.envelope).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
          expect(read.shown + other.shown).not.toContain(story.foreign_text)
          const { args, row } = story.change(n)
          const proposed = await call(wire(story.propose), { [story.lookup]: story.id, ...args })
          expect(proposed.envelope).toMatchObject({ ok: true, source_database_changed: false })
          expect(await rowOf(onboarding)).toEqual(before)

          const { id = '', hash = '' } = proposed.envelope?.proposal ?? {}
          await runner.reviewer({ id: 'dana', tenant_id: story.tenant }).approve(id, { hash })
          expect(await runner.apply(id)).toMatchObject({ status: 'applied', rows_affected: 1 })
          expect(await runner.apply(id)).toMatchObject({ status: 'already_applied' })
          expect(await rowOf(onboarding)).toMatchObject(row)
        },
      )

      it('has no password in the ledger either', () => {
        expect(leaksIn(onboarding)).toEqual([])
      })

      describeWrongRoles(engine, story, () => onboarding)
    })
  })
}

/** Files of the folder that hold a password. */
function leaksIn({ folder, secrets }: Onboarding): readonly string[] {
  return folder.files().filter((file) => secrets.some((secret) => folder.read(file).includes(secret)))
}

/** The row that is changed, as an administrator sees it. */
async function rowOf({ database, story }: Onboarding): Promise<Readonly<Record<string, unknown>>> {
  const [row = {}] = await database.rows(`select * from ${story.table} where id = '${story.id}'`)
  return row
}
