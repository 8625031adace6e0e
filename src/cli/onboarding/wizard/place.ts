import type { PartialSelection } from '../../../onboarding/selection.js'
import type { Engine } from '../../../protocol/table.js'
import type { Io } from '../../io.js'
import { nonBlank } from '../../non-blank.js'
import type { Asker } from './asker.js'
import { checkFile, checkVariable } from './checks.js'

const ENGINES: readonly { readonly value: Engine; readonly label: string }[] = [
  { value: 'postgres', label: 'PostgreSQL' },
  { value: 'mysql', label: 'MySQL or MariaDB' },
  { value: 'sqlite', label: 'SQLite, a file' },
]

/** Which database. */
export async function askPlace(said: PartialSelection, ask: Asker, { env }: Io): Promise<PartialSelection> {
  const chosen = said.engine ?? (await ask.select({ message: 'Which engine?', options: ENGINES, initial: 'postgres' }))
  const engine = ENGINES.find(({ value }) => value === chosen)?.value ?? 'postgres'
  if (engine === 'sqlite') {
    const path =
      said.path ??
      (await ask.text({ message: 'Which file, from the folder of the contract?', initial: 'app.db', check: checkFile }))
    return { ...said, engine, path }
  }
  const known = said.read_url_env ?? said.database_url_env
  if (known !== undefined) return { ...said, engine }
  const initial = ['SYNAPSOR_DATABASE_READ_URL', 'DATABASE_URL'].find((name) => nonBlank(env[name]) !== undefined)
  const message = 'Which environment variable holds the URL of a role that reads?'
  const read_url_env = await ask.text({
    message,
    initial: initial ?? 'SYNAPSOR_DATABASE_READ_URL',
    check: checkVariable,
  })
  return { ...said, engine, read_url_env }
}
