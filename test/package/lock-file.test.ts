import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from '../support/command.js'

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly link?: boolean }>>
}

const LOCK_FILES = ['package-lock.json', 'bench/langgraph-checkpointer/package-lock.json']

it.each(LOCK_FILES)('%s names no address to download from, so that every registry serves', async (path) => {
  const { packages } = JSON.parse(await readFile(join(projectRoot, path), 'utf8')) as LockFile
  const addressed = Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && !link)
  expect(addressed).toEqual([])
})
