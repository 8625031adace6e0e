/** Measures the runner against its bare counterparts: `npm run bench -- [--json] [--quick] [--only name,name]`. */
import { parseArgs } from 'node:util'
import { buildAll } from './build.js'
import type { Bench, Figure, Measurement } from './figure.js'
import { figures } from './figures/index.js'
import { buildReport, renderTable } from './report.js'
import { createResources } from './resources.js'

const options = readOptions()
const resources = createResources()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void resources.release().finally(() => process.exit(1)))
}

try {
  const { folder, databases } = resources
  const measured = await measureAll(options.figures, {
    library: await buildAll(),
    quick: options.quick,
    folder,
    databases,
  })
  const report = buildReport(measured)
  console.log(options.json ? JSON.stringify(report, null, 2) : renderTable(report))
} finally {
  await resources.release()
}

/** A figure that cannot be measured fails the run; one that misses its goal does not. */
async function measureAll(chosen: readonly Figure[], bench: Bench): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = []
  for (const figure of chosen) {
    const began = performance.now()
    try {
      measurements.push(...(await figure.measure(bench)))
      log(`${figure.name}: measured in ${((performance.now() - began) / 1000).toFixed(1)} s`)
    } catch (error) {
      process.exitCode = 1
      log(`${figure.name}: could not be measured. ${error instanceof Error ? error.stack : String(error)}`)
    }
  }
  return measurements
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  })
  const names = values.only?.split(',') ?? figures.map(({ name }) => name)
  const unknown = names.filter((name) => !figures.some((figure) => figure.name === name))
  if (unknown.length > 0) {
    throw new Error(`No figure ${unknown.join(', ')}: there are ${figures.map(({ name }) => name).join(', ')}.`)
  }
  return { json: values.json, quick: values.quick, figures: figures.filter(({ name }) => names.includes(name)) }
}

/** Standard output is the report's alone. */
function log(message: string): void {
  process.stderr.write(`[bench] ${message}\n`)
}
