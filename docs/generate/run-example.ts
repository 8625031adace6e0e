import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const runs = new Map<string, Promise<string>>()

/** Runs an example in an empty folder, once, and gives what it wrote to stdout. */
export function runExample(path: string): Promise<string> {
  const earlier = runs.get(path)
  if (earlier !== undefined) return earlier
  const output = runInEmptyFolder(fileURLToPath(new URL(`../../${path}`, import.meta.url)))
  runs.set(path, output)
  return output
}

async function runInEmptyFolder(program: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
  try {
    const tsx = import.meta.resolve('tsx')
    const { stdout } = await run(process.execPath, ['--import', tsx, program], { cwd: folder })
    return stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
