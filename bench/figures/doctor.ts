import { join } from 'node:path'
import type { Config, Runner } from '../../src/index.js'
import { contractOf, type SourceOfContract } from '../contract.js'
import type { Bench, Figure } from '../figure.js'
import { compare, describeEffort } from '../measure.js'
import { openMysql } from '../worlds/mysql.js'
import { openPostgres } from '../worlds/postgres.js'
import { createShop } from '../worlds/sqlite.js'
import { ledgerIn } from '../worlds/world.js'

const ROWS = 100

/** The doctor over three sources, connections included, against asking the same three whether they are ready. */
export const doctor: Figure = {
  name: 'doctor',
  measure: async (bench) => {
    const worlds = [await openPostgres(bench, ROWS), await openMysql(bench, ROWS)]
    try {
      const open = await threeSources(bench, worlds)
      const asked = async (ask: (runner: Runner) => Promise<unknown>) => {
        const runner = open()
        await ask(runner)
        await runner.close()
      }
      const effort = bench.quick ? { calls: 10, times: 1, warmup: 2 } : { calls: 40, times: 2, warmup: 3 }
      const times = await compare({
        ...effort,
        ours: () => asked((runner) => runner.doctor()),
        reference: () => asked((runner) => runner.ready()),
      })
      const note = `${describeEffort(effort)}, three sources, against ready`
      return [{ name: 'doctor', engine: 'all', ...times, unit: 'ms', note }]
    } finally {
      for (const world of worlds) await world.close()
    }
  },
}

type Opened = Awaited<ReturnType<typeof openPostgres>>

/** A function that opens a runner on PostgreSQL, MySQL and a file, each with the same two capabilities. */
async function threeSources(bench: Bench, worlds: readonly Opened[]): Promise<() => Runner> {
  const folder = bench.folder()
  const path = join(folder, 'shop.db')
  await createShop(bench.library, path, ROWS)
  const env = Object.fromEntries(
    worlds.flatMap(({ engine, urls }) => [
      [`${engine}_read`.toUpperCase(), urls.reader_url],
      [`${engine}_write`.toUpperCase(), urls.writer_url],
    ]),
  )
  const sources: Record<string, SourceOfContract> = { file: { engine: 'sqlite', path } }
  for (const { engine } of worlds) {
    const name = engine.toUpperCase()
    sources[engine] = { engine, read_url_env: `${name}_READ`, write_url_env: `${name}_WRITE` }
  }
  const contract = contractOver(sources)
  const logger = { info: () => undefined, warn: () => undefined }
  const open = () => bench.library.createRunner(contract, { env, ledger: ledgerIn(folder), logger })
  const runner = open()
  for (const source of Object.keys(sources)) await runner.migrate(source)
  await runner.close()
  return open
}

function contractOver(sources: Readonly<Record<string, SourceOfContract>>): Config {
  const each = Object.entries(sources).map(([name, source]) => ({ name, contract: contractOf(source) }))
  return {
    version: 1,
    mode: 'review',
    sources,
    capabilities: each.flatMap(({ name, contract }) =>
      (contract.capabilities ?? []).map((capability) => ({
        ...capability,
        name: `${name}.${capability.name.replace('billing.', '')}`,
        source: name,
      })),
    ),
  }
}
