import { dirname } from 'node:path'
import type { Capability } from '../../capability/capability.js'
import { RunnerError } from '../../errors.js'
import { tableRef } from '../../executors/sql.js'
import type { ParsedConfig } from '../../index.js'
import type { Source } from '../../operations/ports.js'
import { within } from '../../operations/within.js'
import { openSources } from '../open-source.js'

/** Asks the database for the columns of the table of a capability. */
export type ColumnLookup = (capability: Capability) => Promise<readonly string[]>

/** How long a database may take to describe a table, in milliseconds. */
const LIMIT_MS = 2000

/** Runs `work` with a way to ask the databases of a contract, through their reader credentials. Reads no row. */
export async function withColumns<Result>(
  { config, path, env }: { config: ParsedConfig; path: string; env: Readonly<Record<string, string | undefined>> },
  work: (lookup: ColumnLookup) => Promise<Result>,
): Promise<Result> {
  const sources = openSources(config, { env, base_dir: dirname(path) })
  try {
    return await work(async (capability) => inTime(describe(await sources.open(capability.source), capability)))
  } finally {
    await inTime(sources.close()).catch(() => undefined)
  }
}

async function describe({ driver }: Source, capability: Capability): Promise<readonly string[]> {
  return [...(await driver.describe(tableRef(capability))).columns.keys()]
}

function inTime<Result>(work: Promise<Result>): Promise<Result> {
  return within(work, {
    limit_ms: LIMIT_MS,
    late: () => {
      throw new RunnerError('BUSY', 'There was no answer in time.')
    },
  })
}
