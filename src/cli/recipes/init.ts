import { dirname, relative, resolve } from 'node:path'
import { validateConfig } from '../../contract/validate.js'
import { assertNoProblems } from '../../onboarding/selection-problem.js'
import type { Output } from '../command.js'
import type { Io } from '../io.js'
import { writePlan } from '../onboarding/write-plan.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { usageError } from '../usage-error.js'
import { loadRecipe } from './recipe.js'

interface Options {
  readonly output: string | undefined
  readonly env_prefix: string | undefined
  readonly force: boolean | undefined
  readonly yes: boolean | undefined
}

const DEFAULT_CONTRACT = 'synapsor.runner.json'
const SCHEMA_HERE = '../schemas/synapsor.runner.schema.json'
const SCHEMA_INSTALLED = './node_modules/@synapsor/runner/schemas/synapsor.runner.schema.json'

/** Writes the contract of a recipe, and the SQL of its table beside it. */
export async function initRecipe(name: string, options: Options, io: Io): Promise<Output> {
  const { text, sql, config } = loadRecipe(name, io)
  const path = resolve(io.cwd, options.output ?? DEFAULT_CONTRACT)
  const content = withPrefix(
    text.replace(JSON.stringify(SCHEMA_HERE), JSON.stringify(SCHEMA_INSTALLED)),
    options.env_prefix,
  )
  assertNoProblems(validateConfig(JSON.parse(content)).errors, 'The recipe')
  const files = [
    { path, content },
    ...(sql === null ? [] : [{ path: `${path.replace(/\.json$/, '')}.sql`, content: sql }]),
  ]
  const asks = io.interactive && options.yes !== true
  await writePlan(files, { force: options.force === true, asks }, io)
  const names = files.map((file) => file.path)
  const shown = relative(io.cwd, path)
  const given = shown === DEFAULT_CONTRACT ? '' : ` --config ${shown}`
  const next = [`synapsor-runner validate${given}`, `synapsor-runner doctor${given}`]
  return {
    document: { folder: dirname(path), files: names, capabilities: config.capabilities.map((each) => each.name), next },
    render: () =>
      [
        ...names.map((file) => `Written to ${escapeUntrusted(file)}.`),
        'Make it yours: your table, your limits, and "operators", the people who may decide.',
        ...next.map((line) => `  ${line}`),
      ].join('\n'),
  }
}

/** `SHOP` makes `SHOP_READ_URL` of `BILLING_READ_URL`: two recipes in one environment keep apart. */
function withPrefix(text: string, prefix: string | undefined): string {
  if (prefix === undefined) return text
  if (!/^[A-Z_][A-Z0-9_]*$/.test(prefix)) {
    throw usageError('A prefix of variables is capital letters, digits and underscores.', 'Write --env-prefix SHOP.')
  }
  const bare = prefix.replace(/_$/, '')
  return text.replace(/"((?:read|write)_url_env)": "[A-Z0-9_]*_((?:READ|WRITE)_URL)"/g, `"$1": "${bare}_$2"`)
}
