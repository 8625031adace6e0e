import { proposes } from '../../../onboarding/check-selection.js'
import { singular } from '../../../onboarding/resolve-selection.js'
import type { PartialSelection, Selection } from '../../../onboarding/selection.js'
import { namespaceOf } from '../../../onboarding/suggest-selection.js'
import { given } from '../../given.js'
import type { Asker } from './asker.js'
import { checkFilled, checkIdentifier, checkVariable } from './checks.js'

/** What it is called, who decides and who writes. */
export async function askReview(said: PartialSelection, ask: Asker): Promise<PartialSelection> {
  const table = said.table ?? ''
  const namespace = said.namespace ?? (await askName('Namespace of the tools?', namespaceOf(table), ask))
  const object_name = said.object_name ?? (await askName('One row, in a word?', singular(table), ask))
  const named = { ...said, namespace, object_name }
  const decided = proposes(said) ? await askDecision(named, ask) : named
  if (said.object_id !== undefined) return decided
  const message = 'Key of a real row, for a first call? It stands in the contract as an example. Empty for none.'
  const object_id = (await ask.text({ message, initial: '' })).trim()
  return object_id === '' ? decided : { ...decided, object_id }
}

async function askName(message: string, initial: string, ask: Asker): Promise<string> {
  return ask.text({ message, initial, check: checkIdentifier })
}

async function askDecision(said: PartialSelection, ask: Asker): Promise<PartialSelection> {
  // Where nobody writes there is nothing to approve.
  const mode = said.mode ?? (said.writeback === 'none' ? 'shadow' : await askMode(ask))
  if (mode === 'shadow') return { ...said, mode }
  const initial = `${said.namespace ?? ''}_reviewer`
  const required_role =
    said.approval?.required_role ??
    (await ask.text({ message: 'Which role must who approves hold?', initial, check: checkFilled }))
  const operators = said.operators ?? (await askPeople(ask))
  const writeback = said.writeback ?? (await askWriteback(ask))
  return given({
    ...said,
    mode,
    approval: { required_role },
    operators: operators.length === 0 ? undefined : operators,
    writeback,
    ...(await askVariables(said, writeback, ask)),
  })
}

async function askMode(ask: Asker): Promise<NonNullable<Selection['mode']>> {
  const options = [
    { value: 'review', label: 'Review', hint: 'people approve, then it is applied' },
    { value: 'shadow', label: 'Shadow', hint: 'kept to be looked at, never applied' },
  ]
  const mode = await ask.select({ message: 'What becomes of proposals?', options, initial: 'review' })
  return mode === 'shadow' ? 'shadow' : 'review'
}

async function askPeople(ask: Asker): Promise<readonly string[]> {
  const message = 'Who may decide, with commas between? Empty to say it later.'
  const text = await ask.text({ message, initial: '' })
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

type Writeback = NonNullable<Selection['writeback']>

const WAYS: readonly { readonly value: Writeback; readonly label: string }[] = [
  { value: 'direct_sql', label: 'The runner, by guarded SQL' },
  { value: 'http_handler', label: 'My app, over HTTP' },
  { value: 'command_handler', label: 'A program of mine' },
]

async function askWriteback(ask: Asker): Promise<Writeback> {
  const chosen = await ask.select({ message: 'Who writes what was approved?', options: WAYS, initial: 'direct_sql' })
  return WAYS.find(({ value }) => value === chosen)?.value ?? 'none'
}

const VARIABLES = {
  http_handler: ['handler_url_env', 'SYNAPSOR_HANDLER_URL', 'the URL of the handler'],
  command_handler: ['handler_command_env', 'SYNAPSOR_HANDLER_COMMAND', 'the program'],
  direct_sql: ['write_url_env', 'SYNAPSOR_DATABASE_WRITE_URL', 'the URL of the role that writes'],
} as const

async function askVariables(said: PartialSelection, writeback: Writeback, ask: Asker): Promise<PartialSelection> {
  if (writeback === 'none' || (writeback === 'direct_sql' && said.engine === 'sqlite')) return {}
  const [key, initial, what] = VARIABLES[writeback]
  if (said[key] !== undefined) return {}
  const message = `Which environment variable holds ${what}?`
  return { [key]: await ask.text({ message, initial, check: checkVariable }) }
}
