import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RunnerError } from '../../errors.js'

/** The recipes of this package: they lie beside what was built, and beside the source. */
export function recipesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (dirname(folder) !== folder) {
    const recipes = join(folder, 'recipes')
    // A folder of this name without the page about it is somebody else's, such as the one that this file lies in.
    if (existsSync(join(recipes, 'README.md')) && existsSync(join(folder, 'package.json'))) return recipes
    folder = dirname(folder)
  }
  throw new RunnerError('PLATFORM_UNSUPPORTED', 'The recipes are not installed beside this program.', {
    next: 'Install @synapsor/runner as a package, with all of its files.',
  })
}
