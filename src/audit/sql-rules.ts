import type { InputField } from './inputs.js'
import type { AuditTool } from './manifest.js'
import { told, wordsOf } from './words.js'

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const RUNNING = set('execute exec run perform raw submit eval evaluate native adhoc read write do')
const QUERIES = set('query queries sql statement statements')
const BETWEEN = set(
  'sql raw any arbitrary custom native adhoc ad hoc db database read write only readonly select the a an',
)
const DATABASES = set(
  'database databases db postgres postgresql pg mysql mariadb sqlite mssql oracle snowflake bigquery clickhouse duckdb redshift warehouse sqlserver',
)
const FUSED = /^(?:execute|exec|run|raw)(?:sql|query|queries)$|^(?:query|sql)(?:database|db|query)$/

/** Tools that only work on the text of a statement. */
const TEXT_ONLY = set('format lint parse beautify prettify highlight tokenize translate transpile')

/** What a name or a text says of running queries that the model writes. Empty where it says nothing of it. */
export function sqlEvidence(tool: AuditTool): readonly string[] {
  const words = wordsOf(tool.name)
  const named = namesQueries(words)
  const text = tool.sentences.find(saysQueries)
  const inputs = TEXT_ONLY.has(words[0] ?? '') ? [] : tool.inputs.filter(isSqlText)
  return [
    ...(named === undefined ? [] : [`name: ${named}`]),
    ...(text === undefined ? [] : [`description: ${told(text.slice(0, 40).join(' '))}`]),
    ...inputs.map(({ path }) => `input ${told(path)}`),
  ]
}

/** The inputs that take a statement, of a tool that runs them. */
export function statementInputs(tool: AuditTool): readonly InputField[] {
  return tool.inputs.filter((input) => isSqlText(input) || (QUERIES.has(input.words.at(-1) ?? '') && takesText(input)))
}

function namesQueries(words: readonly string[]): string | undefined {
  const fused = words.find((word) => FUSED.test(word))
  if (fused !== undefined) return fused
  if (words.length === 1 && words[0] === 'sql') return 'sql'
  const at = words.findIndex((word, place) => QUERIES.has(word) && isRun(words, place))
  if (at >= 0) return words.slice(Math.max(0, at - 3), at + 2).join(' ')
  const isOfDatabase = words.some((word) => DATABASES.has(word)) && words.some((word) => QUERIES.has(word))
  return isOfDatabase && !words.some((word) => ABOUT_QUERIES.has(word)) ? words.slice(0, 6).join(' ') : undefined
}

/** Names of what is known about queries, and of what limits them. */
const ABOUT_QUERIES = set(
  'list saved history log logs plan plans stats statistics slow status id template templates count',
)

/** How far before a query its verb may stand. */
const MOST_BETWEEN = 8

/** A verb of running stands before, with nothing but words of the same kind between. */
function isRun(words: readonly string[], at: number): boolean {
  for (let place = at - 1; place >= Math.max(0, at - MOST_BETWEEN); place -= 1) {
    const word = words[place] ?? ''
    if (RUNNING.has(word)) return !isPlainRead(words, place)
    if (!BETWEEN.has(word) && !DATABASES.has(word)) return words[at] === 'sql' && words[at + 1] === 'query'
  }
  return words[at] === 'sql' && QUERIES.has(words[at + 1] ?? '')
}

/** `read_statement` reads a bank statement, `read_query` runs one. */
function isPlainRead(words: readonly string[], place: number): boolean {
  return ['read', 'write', 'submit', 'do'].includes(words[place] ?? '') && /^statement/.test(words[place + 1] ?? '')
}

const RUNS = set(
  'execute executes exec run runs running executing perform performs issue issues submit submits evaluate evaluates',
)
const FREE = set('raw arbitrary any custom adhoc hoc native provided given supplied your own')
const NEGATIONS = set('never not cannot cant dont doesnt wont without no nor neither refuses')

function saysQueries(sentence: readonly string[]): boolean {
  return sentence.some((word, at) => {
    if (!RUNS.has(word) || sentence.slice(Math.max(0, at - 3), at).some((each) => NEGATIONS.has(each))) return false
    const next = sentence.slice(at + 1, at + 8)
    const query = next.findIndex((each) => QUERIES.has(each))
    if (query < 0 || next.slice(0, query).some((each) => NEGATIONS.has(each))) return false
    return next.slice(0, query + 2).includes('sql') || next.slice(0, query).some((each) => FREE.has(each))
  })
}

const ABOUT_SQL = set('dialect mode id state version engine server flavor type name code hash limit timeout')

function isSqlText({ words, ...input }: InputField): boolean {
  const at = words.indexOf('sql')
  return at >= 0 && !ABOUT_SQL.has(words.at(-1) ?? '') && takesText(input)
}

function takesText({ types, choices }: Pick<InputField, 'types' | 'choices'>): boolean {
  return choices === undefined && (types.length === 0 || types.includes('string') || types.includes('array'))
}
