/** A part of the JSON Schema, as far as the reference shows it. */
interface SchemaPart {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, SchemaPart>>
  readonly required?: readonly string[]
  readonly additionalProperties?: SchemaPart | boolean
  readonly items?: SchemaPart
  readonly anyOf?: readonly SchemaPart[]
  readonly oneOf?: readonly SchemaPart[]
}

const INTRODUCTION = `# The contract

\`synapsor.runner.json\`, or the object you give to \`defineConfig\`: what an agent may read and propose, who decides, and
how an approved change is applied. It is plain data and holds no secret and no URL, only names of environment variables.

Put \`"$schema": "./node_modules/@synapsor/runner/schemas/synapsor.runner.schema.json"\` first, and your editor completes
and checks it. \`validateConfig\` finds what a JSON Schema cannot: names that point at nothing, columns that must not be
written, limits that no value meets. Unknown keys are errors unless the contract says \`strict: false\`. \`synapsor-runner init\` writes one for
[your own database](own-database.md), and [testing a contract](contract-tests.md) says how to hold it against what you meant.

This page is written from the same schema by \`npm run schemas\`. A key without default is needed where it says so. In a
path, \`<name>\` stands for a name of your own, \`[]\` for each item of a list, and \`(…)\` for the variant that has the keys.
`

/** Renders the reference of the contract from its JSON Schema: a table for each object, equal ones together. */
export function contractReference(schema: SchemaPart): string {
  const pathsByTable = new Map<string, string[]>()
  for (const [path, table] of tables('', schema)) {
    pathsByTable.set(table, [...(pathsByTable.get(table) ?? []), path === '' ? 'Top level' : `\`${path}\``])
  }
  const sections = [...pathsByTable].map(([table, paths]) => `## ${paths.join(' and ')}\n\n${table}\n`)
  return [INTRODUCTION, ...sections].join('\n')
}

function tables(path: string, part: SchemaPart): readonly (readonly [path: string, table: string])[] {
  const own = Object.keys(part.properties ?? {}).length === 0 ? [] : [[path, table(part)] as const]
  return [...own, ...children(path, part).flatMap(([at, child]) => tables(at, child))]
}

function table({ properties = {}, required = [] }: SchemaPart): string {
  const rows = Object.entries(properties).map(([key, part]) => row(key, part, required.includes(key)))
  return ['| Key | Value | Meaning |', '| --- | --- | --- |', ...rows].join('\n')
}

function row(key: string, part: SchemaPart, required: boolean): string {
  const standing = required
    ? ' Needed.'
    : part.default === undefined || isContainer(part)
      ? ''
      : ` Default ${code(part.default)}.`
  return `| \`${key}\` | ${cell(shownValue(part))} | ${cell(`${part.description ?? ''}${standing}`)} |`
}

function isContainer({ default: value }: SchemaPart): boolean {
  return typeof value === 'object' && value !== null
}

function shownValue(part: SchemaPart): string {
  if (part.const !== undefined) return code(part.const)
  if (part.enum !== undefined) return part.enum.map(code).join(', ')
  const variants = part.oneOf ?? part.anyOf
  if (variants !== undefined) return [...new Set(variants.map(shownValue))].join(' or ')
  if (part.type === 'array') return `list of ${part.items === undefined ? 'anything' : shownValue(part.items)}`
  if (part.type === 'object') return isMap(part) ? 'map' : 'object'
  return typeof part.type === 'string' ? part.type : (part.type ?? ['anything']).join(', ')
}

function isMap({ properties, additionalProperties }: SchemaPart): boolean {
  return properties === undefined && typeof additionalProperties === 'object'
}

/** The objects inside a part, each with its path. */
function children(path: string, part: SchemaPart): readonly (readonly [string, SchemaPart])[] {
  const variants = part.oneOf ?? part.anyOf ?? []
  const inside = path === '' ? '' : `${path}.`
  return [
    ...Object.entries(part.properties ?? {}).map(([key, child]) => [`${inside}${key}`, child] as const),
    ...(typeof part.additionalProperties === 'object' ? [[`${inside}<name>`, part.additionalProperties] as const] : []),
    ...(part.items === undefined ? [] : [[`${path}[]`, part.items] as const]),
    ...variants.map((variant) => [`${path}${tagOf(variant)}`, variant] as const),
  ]
}

/** What tells one variant from the others: its constant, or its first key. */
function tagOf({ properties = {} }: SchemaPart): string {
  const tag = Object.entries(properties).find(([, part]) => part.const !== undefined || part.enum !== undefined)
  if (tag === undefined) return ` (${Object.keys(properties).join(', ')})`
  return ` (${tag[0]}: ${tag[1].const ?? tag[1].enum?.join(', ')})`
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``
}

function cell(text: string): string {
  return text.trim().replaceAll('|', '\\|')
}
