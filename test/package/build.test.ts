import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { projectRoot } from '../support/command.js'

const dist = join(projectRoot, 'dist')

it('builds and packs', () => {
  expect(inject('packageBuild').failure).toBe('')
})

it('ships what it builds, the schemas, the recipes, the docs and its papers, and nothing else', () => {
  const shipped =
    /^(dist\/.+|schemas\/(samples\/)?[^/]+\.json|recipes\/[^/]+\.(json|sql|md)|docs\/.+\.md|docs\/api-surface\.txt|package\.json|[A-Z_]+\.md|LICENSE|NOTICE)$/
  const { files } = inject('packageBuild')
  expect(files).not.toEqual([])
  expect(files.filter((file) => !shipped.test(file))).toEqual([])
})

it('ships every page that a page of it links to', async () => {
  const { files } = inject('packageBuild')
  const pages = files.filter((file) => file.endsWith('.md'))
  const targets = (await Promise.all(pages.map(targetsOf))).flat()
  expect(targets).not.toEqual([])
  expect(targets.filter((target) => !files.includes(target))).toEqual([])
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

/** The files that a page links to, by their paths in the package. */
async function targetsOf(page: string): Promise<readonly string[]> {
  const text = await readFile(join(projectRoot, page), 'utf8')
  const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)/g)].map(([, target = '']) => target)
  return links.map((target) => posix.join(posix.dirname(page), target))
}

async function sourcesOf(map: string): Promise<readonly string[]> {
  const { sources } = JSON.parse(await readFile(map, 'utf8')) as { sources: string[] }
  return sources
}
