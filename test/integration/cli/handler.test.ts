import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HANDLER_TEMPLATES } from '../../../src/cli/handler-templates/index.js'
import { createDesk, type Desk, documentOf } from '../../support/cli.js'

let desk: Desk
beforeAll(async () => {
  desk = await createDesk()
})
afterAll(() => desk.close())

const names = Object.keys(HANDLER_TEMPLATES)

it('lists the templates, and names each in its help', async () => {
  const listed = await desk.run('handler template')
  expect(listed).toMatchObject({ exit_code: 0, err: '' })
  const { out } = await desk.run('handler template --help')
  for (const name of names) {
    expect(listed.out).toContain(name)
    expect(out).toContain(name)
  }
  const document = documentOf('handler template', await desk.run('handler template --json'))
  expect(document).toMatchObject({ templates: names.map((name) => ({ name })) })
})

it.each(names)('prints %s as it is, writes it, and gives it as a document', async (name) => {
  const content = HANDLER_TEMPLATES[name]?.content
  const printed = await desk.run(`handler template ${name}`)
  expect(printed).toMatchObject({ exit_code: 0, out: content })
  expect(printed.err).toContain('install')
  const written = await desk.run(`handler template ${name} --output ${name}.txt`)
  expect(written).toMatchObject({ exit_code: 0 })
  expect(readFileSync(join(desk.folder, `${name}.txt`), 'utf8')).toBe(content)
  const json = await desk.run(`handler template ${name} --json`)
  expect(documentOf('handler template', json)).toMatchObject({ template: name, file: null, content })
  expect(json.err).toBe('')
})

it('replaces nothing unless it is told to', async () => {
  const file = join(desk.folder, 'precious.mjs')
  writeFileSync(file, 'precious')
  const refused = await desk.run('handler template node-hono --output precious.mjs')
  expect(refused.exit_code).toBe(1)
  expect(refused.err).toContain('--force')
  expect(readFileSync(file, 'utf8')).toBe('precious')
  expect((await desk.run('handler template node-hono --output precious.mjs --force')).exit_code).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(HANDLER_TEMPLATES['node-hono']?.content)
})

it.each(['rails', 'toString'])('knows no template %s', async (name) => {
  const result = await desk.run(`handler template ${name}`)
  expect(result).toMatchObject({ exit_code: 2, out: '' })
  expect(result.err).toContain('node-fastify')
})
