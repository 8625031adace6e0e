import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { violationsIn } from './support/boundaries.js'
import { projectRoot } from './support/command.js'

describe('every source file', () => {
  it.each(sourceFiles())('%s imports only what its room may', (path) => {
    expect(violationsIn(path, readFileSync(join(projectRoot, path), 'utf8'))).toEqual([])
  })
})

describe('the rules', () => {
  it.each([
    ['src/protocol/a.ts', `import { b } from '../contract/b.js'`],
    ['src/protocol/a.ts', `import type { B } from '../contract/b.js'`],
    ['src/protocol/a.ts', `import '../contract/b.js'`],
    ['src/protocol/a.ts', `export * from '../contract/b.js'`],
    ['src/protocol/a.ts', `const b = await import('../contract/b.js')`],
    ['src/protocol/a.ts', `type B = import('../contract/b.js').B`],
    ['src/errors.ts', `import { b } from './protocol/b.js'`],
    ['src/contract/a.ts', `import { b } from '../capability/b.js'`],
    ['src/drivers/a.ts', `import { b } from '../ledger/ledger.js'`],
    ['src/operations/a.ts', `import { b } from '../runner.js'`],
    ['src/operations/a.ts', `import { b } from '../drivers/postgres.js'`],
    ['src/runner.ts', `import { b } from './index.js'`],
    ['src/index.ts', `import { b } from './cli/main.js'`],
    ['src/index.ts', `import { b } from './testing/index.js'`],
    ['src/testing/a.ts', `import { b } from '../runner.js'`],
    ['src/operations/a.ts', `import { b } from '../../adapters/mcp/index.js'`],
    ['src/cli/a.ts', `import { b } from '../testing/index.js'`],
    ['src/elsewhere/a.ts', `import { b } from '../errors.js'`],
    ['src/protocol/a.ts', `import { b } from '../elsewhere/b.js'`],
    ['adapters/ai/index.ts', `import { b } from '../../src/toolset/b.js'`],
    ['adapters/ai/index.ts', `import { b } from '../../src/protocol/b.js'`],
    ['src/drivers/postgres.ts', `import pg from 'pg'`],
    ['src/drivers/mysql.ts', `import { createPool } from 'mysql2/promise'`],
    ['src/ledger/postgres.ts', `import type { Pool } from 'pg'`],
    ['src/drivers/sqlite.ts', `const { DatabaseSync } = await import('@photostructure/sqlite')`],
    ['src/ledger/sqlite.ts', `import type { DatabaseSync } from 'node:sqlite'`],
    ['src/drivers/driver.ts', `import { openSqlite } from './sqlite-library.js'`],
    ['src/errors.ts', 'const a = 1 as any'],
    ['src/errors.ts', '// @ts-ignore\nconst a = 1'],
  ])('catch in %s: %s', (path, text) => {
    expect(violationsIn(path, text)).toHaveLength(1)
  })

  it.each([
    ['src/protocol/a.ts', `import { RunnerError } from '../errors.js'`],
    ['src/protocol/a.ts', `import { z } from 'zod'`],
    ['src/capability/a.ts', `import { b } from '../contract/b.js'`],
    ['src/ledger/postgres.ts', `import type { Driver } from '../drivers/driver.js'`],
    ['src/ledger/sqlite.ts', `import { openSqlite } from '../drivers/sqlite-library.js'`],
    ['src/operations/a.ts', `import type { Ledger } from '../ledger/ledger.js'`],
    ['src/runner.ts', `import { createSession } from './session.js'`],
    ['src/runner.ts', `const { b } = await import('./drivers/postgres.js')`],
    ['src/drivers/postgres.ts', `import type { Pool } from 'pg'\nconst pg = await import('pg')`],
    ['src/drivers/sqlite-library.ts', `const library = await import('@photostructure/sqlite')`],
    ['src/testing/a.ts', `import type { Driver } from '../drivers/driver.js'`],
    ['src/review/a.ts', `import type { Reviewer } from '../reviewer.js'`],
    ['src/cli/a.ts', `import { createRunner } from '../index.js'`],
    ['src/cli/a.ts', `import { serveStdio } from '../../adapters/mcp/stdio.js'`],
    ['adapters/ai/index.ts', `import { RunnerError } from '../../src/errors.js'`],
    ['adapters/ai/index.ts', `import { isEnvelope } from '../../src/protocol/is-envelope.js'`],
    ['adapters/ai/index.ts', `import { tool } from 'ai'\nimport { createTools } from '../../src/index.js'`],
  ])('allow in %s: %s', (path, text) => {
    expect(violationsIn(path, text)).toEqual([])
  })
})

function sourceFiles(): readonly string[] {
  return ['src', 'adapters'].flatMap(typeScriptFilesBelow).sort()
}

function typeScriptFilesBelow(directory: string): readonly string[] {
  const path = join(projectRoot, directory)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${directory}/${file.replaceAll('\\', '/')}`)
}
