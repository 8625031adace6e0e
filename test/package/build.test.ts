import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { projectRoot } from '../support/command.js'
import { builtFiles, isCommandLine, noticedLibraries, readBuilt, sourcesOf } from './bundled.js'

it('builds and packs', () => {
  expect(inject('packageBuild').failure).toBe('')
})

it('ships what it builds, the schemas, the recipes, the docs and its papers, and nothing else', () => {
  const shipped =
    /^(dist\/.+|schemas\/(samples\/)?[^/]+\.json|recipes\/[^/]+\.(json|sql|md)|docs\/.+\.md|docs\/api-surface\.txt|examples\/dangerous-mcp-tools\.json|package\.json|[A-Z_]+\.md|LICENSE|NOTICE)$/
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
    files = await builtFiles()
  })

  it('come from our own sources, and for the command line from the libraries that NOTICE names', async () => {
    const own = /^(\.\.\/)+(src|adapters)\//
    const maps = files.filter((file) => file.endsWith('.js.map'))
    const library = (await Promise.all(maps.filter((map) => !isCommandLine(map)).map(sourcesOf))).flat()
    expect(library).not.toEqual([])
    expect(library.filter((source) => !own.test(source))).toEqual([])

    const commandLine = (await Promise.all(maps.filter(isCommandLine).map(sourcesOf))).flat()
    const foreign = commandLine.filter((source) => !own.test(source) && !source.startsWith('builtin:node:'))
    const libraries = foreign.map((source) => /^(?:\.\.\/)+node_modules\/([^/]+)\//.exec(source)?.[1] ?? source)
    expect([...new Set(libraries)].sort()).toEqual(await noticedLibraries())
  })

  it('mention no installed module by its path, but for the names of what is contained', async () => {
    const contained = new RegExp(`^node_modules/(${(await noticedLibraries()).join('|')})/`)
    const code = files.filter((file) => /\.(js|d\.ts)$/.test(file))
    const contents = await Promise.all(code.map(readBuilt))
    const mentions = code.flatMap((file, index) =>
      [...(contents[index] ?? '').matchAll(/[^\s"'`(]*node_modules[^\s"'`)]*/g)]
        // Where a project of somebody's has this package itself, for a contract to name its schema.
        .filter(([path]) => !path.startsWith('./node_modules/@synapsor/runner/'))
        .filter(([path]) => !isCommandLine(file) || !contained.test(path))
        .map(([path]) => `${file}: ${path}`),
    )
    expect(mentions).toEqual([])
  })
})

/** The files that a page links to, by their paths in the package. */
async function targetsOf(page: string): Promise<readonly string[]> {
  const text = await readFile(join(projectRoot, page), 'utf8')
  const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)/g)].map(([, target = '']) => target)
  return links.map((target) => posix.join(posix.dirname(page), target))
}
