import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { projectRoot } from '../support/command.js'

const dist = join(projectRoot, 'dist')

it('builds and packs', () => {
  expect(inject('packageBuild').failure).toBe('')
})

it('ships what it builds, the schemas, the recipes and its papers, and nothing else', () => {
  const shipped =
    /^(dist\/.+|schemas\/(samples\/)?[^/]+\.json|recipes\/[^/]+\.(json|sql|md)|package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md)$/
  const { files } = inject('packageBuild')
  expect(files).not.toEqual([])
  expect(files.filter((file) => !shipped.test(file))).toEqual([])
})

describe('the built files', () => {
  let files: readonly string[] = []

  beforeAll(async () => {
    files = (await readdir(dist, { recursive: true })).map((file) => join(dist, file))
  })

  it('come from our own sources alone', async () => {
    const maps = files.filter((file) => file.endsWith('.js.map'))
    const sources = (await Promise.all(maps.map(sourcesOf))).flat()
    expect(sources).not.toEqual([])
    expect(sources.filter((source) => !/^(\.\.\/)+(src|adapters)\//.test(source))).toEqual([])
  })

  it('mention no installed module by its path', async () => {
    const code = files.filter((file) => /\.(js|d\.ts)$/.test(file))
    const contents = await Promise.all(code.map((file) => readFile(file, 'utf8')))
    expect(code.filter((_, index) => contents[index]?.includes('node_modules'))).toEqual([])
  })
})

async function sourcesOf(map: string): Promise<readonly string[]> {
  const { sources } = JSON.parse(await readFile(map, 'utf8')) as { sources: string[] }
  return sources
}
