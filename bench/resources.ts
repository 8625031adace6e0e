import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Databases, startDatabases } from '../test/databases/index.js'
import type { Bench } from './figure.js'

/** What a run starts and has to take away again. */
export interface Resources extends Pick<Bench, 'folder' | 'databases'> {
  /** Ends the servers and removes the files. May be called more than once. */
  release(): Promise<void>
}

export function createResources(): Resources {
  let root: string | undefined
  let databases: Promise<Databases> | undefined
  return {
    folder: () => {
      root ??= mkdtempSync(join(tmpdir(), 'synapsor-bench-'))
      return mkdtempSync(join(root, 'world-'))
    },
    databases: () => {
      databases ??= startDatabases({ durable: true })
      return databases
    },
    release: async () => {
      const started = await databases?.catch(() => undefined)
      databases = undefined
      await started?.stop()
      if (root !== undefined) rmSync(root, { recursive: true, force: true })
      root = undefined
    },
  }
}
