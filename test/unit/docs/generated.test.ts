import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { generatedFiles, projectRoot } from '../../../docs/generate/files.js'

const files = await generatedFiles()

it.each(files.map((file) => [file.path, file.content]))('%s is as `npm run schemas` writes it', (path, content) => {
  const absolute = join(projectRoot, path)
  expect(existsSync(absolute) ? readFileSync(absolute, 'utf8') : '', 'Run `npm run schemas`.').toBe(content)
})

it('no schema and no sample lies about that nobody writes', () => {
  const written = new Set(files.map((file) => file.path))
  const lying = readdirSync(join(projectRoot, 'schemas'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .map((path) => `schemas/${path.replaceAll('\\', '/')}`)
  expect(lying.filter((path) => !written.has(path))).toEqual([])
})
