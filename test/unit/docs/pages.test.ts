import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../docs/generate/files.js'

const pages = [
  ...readdirSync(projectRoot).filter((file) => file.endsWith('.md')),
  ...['docs', 'recipes'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file)),
  ),
]

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')

describe.each(pages)('%s', (page) => {
  const text = read(page)

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    const local = links.filter((target) => !/^[a-z]+:/.test(target))
    expect(local.filter((target) => !leadsSomewhere(page, target))).toEqual([])
  })

  it('has one title, and every fence says its language', () => {
    const prose = text.replace(/```[\s\S]*?```/g, '')
    expect(prose.match(/^# .+/gm)).toHaveLength(1)
    expect(text.match(/^```/gm)?.length ?? 0).toBe(2 * (text.match(/^```\w+\n[\s\S]*?^```$/gm)?.length ?? 0))
  })

  it('names no machine', () => {
    expect(text).not.toMatch(/\/(home|work|tmp|root|Users)\/|localhost:\d{5}/)
  })
})

it('the index leads to every page', () => {
  const index = read('docs/index.md')
  const missing = pages.filter((page) => /^docs\/[\w-]+\.md$/.test(page) && !index.includes(`](${page.slice(5)})`))
  expect(missing).toEqual(['docs/index.md'])
})

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(projectRoot, file))) return false
  return anchor === undefined || anchorsOf(read(file)).includes(anchor)
}

/** Anchors as GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
