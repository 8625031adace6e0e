import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderTypes } from '../../../src/cli/types/render.js'
import { lintConfig, loadConfig } from '../../../src/index.js'
import { projectRoot } from '../../support/command.js'

const examples = join(projectRoot, 'examples')

describe.each(['support-billing', 'orders-mariadb', 'app-handler', 'app-command'])('the contract of %s', (name) => {
  const config = loadConfig(join(examples, name, 'synapsor.runner.json'))

  it('has nothing that lint would look at', () => {
    expect(lintConfig(config)).toEqual([])
  })

  it('has sample arguments for each capability', () => {
    expect(config.capabilities.filter((each) => (each.examples ?? []).length === 0)).toEqual([])
  })

  it('has the types that the command writes, from the sources', () => {
    const [, , ...written] = readFileSync(join(examples, name, 'synapsor.d.ts'), 'utf8').split('\n')
    const types = renderTypes(config, 'synapsor.runner.json').replace("'@synapsor/runner'", "'../../src/index.js'")
    expect(written.join('\n')).toBe(types)
  })
})

describe.each(['support-billing', 'orders-mariadb', 'app-handler', 'app-command', 'support-agent'])(
  'the page of %s',
  (name) => {
    const page = readFileSync(join(examples, name, 'README.md'), 'utf8')

    it('shows code that is in the example', () => {
      const files = readdirSync(join(examples, name), { recursive: true, encoding: 'utf8' })
      const programs = files.filter((file) => file.endsWith('.ts'))
      const code = programs.map((file) => flat(readFileSync(join(examples, name, file), 'utf8'))).join('\n')
      const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block = '']) => flat(block))
      expect(blocks.length).toBeGreaterThan(0)
      expect(blocks.filter((block) => !code.includes(block))).toEqual([])
    })

    it('links to what is there', () => {
      const links = [...page.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => join(examples, name, target))
      expect(links.filter((link) => !existsSync(link))).toEqual([])
    })
  },
)

/** Without what the place of a block in its file changes. */
function flat(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
}
