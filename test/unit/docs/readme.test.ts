import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../docs/generate/files.js'
import { runAsUser } from './run-program.js'

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')

describe('the program on the first screen of the README', () => {
  it('runs as printed, and prints what stands below it', async () => {
    const program = firstBlock('js')
    expect(program).toContain(`from '@synapsor/runner'`)
    expect(await runAsUser(program)).toMatchObject({ exitCode: 0, stdout: firstBlock('text') })
  })

  it('begins within the first ten lines', () => {
    expect(readme.split('\n').slice(0, 10).join('\n')).toContain('```js')
  })
})

function firstBlock(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? ''
}
