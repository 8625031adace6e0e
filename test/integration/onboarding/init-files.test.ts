import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFolder, createShop, type Folder } from '../../support/onboarding.js'

let folder: Folder

beforeEach(async () => {
  folder = createFolder()
  await createShop(folder)
})

afterEach(() => folder.remove())

const WHOLE =
  'init --path shop.db --table invoices --primary-key id --tenant-key tenant_id --visible-columns id,status,late_fee_cents'

describe('what is there already', () => {
  it('is not overwritten unasked: the files are listed and nothing is written', async () => {
    writeFileSync(join(folder.path, '.env.example'), 'mine')
    const { exit_code, err } = await folder.run(`${WHOLE} --non-interactive`)
    expect(exit_code).toBe(1)
    expect(err).toContain('There is already .env.example. Nothing was written.')
    expect(folder.read('.env.example')).toBe('mine')
    expect(folder.files()).toEqual(['.env.example', 'shop.db'])
  })

  it('is overwritten where a person says so, or --force does', async () => {
    writeFileSync(join(folder.path, '.env.example'), 'mine')
    expect((await folder.run(WHOLE, { answers: [false] })).exit_code).toBe(1)
    expect(folder.read('.env.example')).toBe('mine')
    expect((await folder.run(WHOLE, { answers: [true] })).exit_code).toBe(0)
    expect(folder.read('.env.example')).toContain('SYNAPSOR_TENANT_ID=')
    expect((await folder.run(`${WHOLE} --force`)).exit_code).toBe(0)
  })

  it('stays whole where one of the files cannot be written', async () => {
    mkdirSync(join(folder.path, 'synapsor.roles.sql', 'in-the-way'), { recursive: true })
    writeFileSync(join(folder.path, 'synapsor.runner.json'), 'mine')
    const before = folder.files()
    const { exit_code, err } = await folder.run(`${WHOLE} --conflict-column version --patch status=arg:status --force`)
    expect([exit_code, err]).toEqual([1, expect.stringContaining('cannot be written')])
    expect(folder.files()).toEqual(before)
    expect(folder.read('synapsor.runner.json')).toBe('mine')
    expect(folder.has('.synapsor')).toBe(false)
  })

  it('is a link to nowhere, and stands in the way', async () => {
    symlinkSync(join(folder.path, 'elsewhere'), join(folder.path, 'synapsor.runner.json'))
    expect((await folder.run(WHOLE)).exit_code).toBe(1)
    expect(folder.has('elsewhere')).toBe(false)
  })
})

describe('in a repository', () => {
  beforeEach(() => mkdirSync(join(folder.path, '.git')))

  it('says what git should ignore', async () => {
    const { out } = await folder.run(WHOLE)
    expect(out).toContain('Add to .gitignore: .synapsor/ and .env')
    expect(folder.has('.gitignore')).toBe(false)
  })

  it.each(['--yes', '--non-interactive'])('changes no file of git where nobody is asked: %s', async (flag) => {
    writeFileSync(join(folder.path, '.gitignore'), 'node_modules\n')
    const { out } = await folder.run(`${WHOLE} ${flag}`)
    expect(out).toContain('Add to .gitignore: .synapsor/ and .env')
    expect(folder.read('.gitignore')).toBe('node_modules\n')
    await folder.run(`${WHOLE} ${flag} --force`)
    expect(folder.read('.gitignore')).toBe('node_modules\n.synapsor/\n.env\n')
  })

  it('adds it where a person agrees, and keeps what stood there', async () => {
    writeFileSync(join(folder.path, '.gitignore'), 'node_modules')
    await folder.run(WHOLE, { answers: [true] })
    expect(folder.read('.gitignore')).toBe('node_modules\n.synapsor/\n.env\n')
    const { out } = await folder.run(`${WHOLE} --force`)
    expect(out).not.toContain('.gitignore')
  })

  it('takes the word of git for what is ignored, however that is written', async () => {
    rmSync(join(folder.path, '.git'), { recursive: true })
    execFileSync('git', ['init', '--quiet'], { cwd: folder.path })
    writeFileSync(join(folder.path, '.gitignore'), '.syn*\n*.env\n')
    expect((await folder.run(WHOLE)).out).not.toContain('.gitignore')
    writeFileSync(join(folder.path, '.gitignore'), '.syn*\n.env\n!.env\n')
    expect((await folder.run(`${WHOLE} --force --non-interactive`)).out).toContain('.gitignore')
  })
})
