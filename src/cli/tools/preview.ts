import { compileContract } from '../../capability/compile.js'
import type { ObjectSchema, ParsedConfig, Runner, ToolDefinition } from '../../index.js'
import { type HiddenColumns, hiddenColumns } from './hidden-columns.js'
import type { ColumnLookup } from './table-columns.js'
import { estimateTokens } from './tokens.js'
import { toolsOf } from './toolset.js'

/** One tool as a model sees it. */
export interface PreviewedTool {
  readonly name: string
  readonly wire_name: string
  readonly title: string
  readonly kind: ToolDefinition['kind']
  readonly capability: string | null
  readonly description: string
  readonly input_schema: ObjectSchema
  /** How much of an answer is shown. */
  readonly inline_evidence: ToolDefinition['inline_evidence']
  /** About what wire name, description and input schema cost, in every request that offers the tool. */
  readonly tokens: number
}

/** What the contract has and these tools do not show. */
export interface LeftOut {
  readonly name: string
  readonly kind: 'read' | 'proposal' | 'workflow'
  /** The mode of the contract, or the adapter. */
  readonly by: 'mode' | 'adapter'
}

/** What an agent is given, and what it is not. */
export interface Preview {
  readonly adapter: string | null
  readonly mode: ParsedConfig['mode']
  readonly tools: readonly PreviewedTool[]
  readonly tokens: number
  readonly not_exposed: {
    readonly columns: readonly HiddenColumns[]
    readonly capabilities: readonly LeftOut[]
    /** What no tool of any contract does. */
    readonly verbs: readonly string[]
  }
}

/** What no tool of any contract does. */
export const VERBS = ['approve', 'reject', 'apply', 'revoke', 'reconcile', 'execute_sql'] as const

/** Gathers it. With `lookup` the databases are asked for the columns of their tables; no row is read. */
export async function loadPreview(
  runner: Runner,
  adapter: string | undefined,
  lookup: ColumnLookup | undefined,
): Promise<Preview> {
  const tools = toolsOf(runner, adapter).map(toPreviewed)
  const { config } = runner
  const shown = new Set(tools.flatMap(({ capability }) => capability ?? []))
  return {
    adapter: adapter ?? null,
    mode: config.mode,
    tools,
    tokens: tools.reduce((sum, { tokens }) => sum + tokens, 0),
    not_exposed: {
      columns: await hiddenColumns(compileContract(config), visibleThrough(config, shown), lookup),
      capabilities: leftOut(config, shown),
      verbs: VERBS,
    },
  }
}

function toPreviewed(tool: ToolDefinition): PreviewedTool {
  const { name, wire_name, title, kind, capability, description, input_schema, inline_evidence } = tool
  const tokens = estimateTokens(JSON.stringify({ name: wire_name, description, input_schema }))
  return {
    name,
    wire_name,
    title,
    kind,
    capability: capability ?? null,
    description,
    input_schema,
    inline_evidence,
    tokens,
  }
}

/** A workflow shows what the capabilities show that it may call. */
function visibleThrough(config: ParsedConfig, shown: ReadonlySet<string>): ReadonlySet<string> {
  const inside = config.workflows.filter(({ name }) => shown.has(name)).flatMap((each) => each.allowed_capabilities)
  return new Set([...shown, ...inside])
}

function leftOut({ mode, capabilities, workflows }: ParsedConfig, shown: ReadonlySet<string>): readonly LeftOut[] {
  const all = [...capabilities, ...workflows.map(({ name }) => ({ name, kind: 'workflow' as const }))]
  return all
    .filter(({ name }) => !shown.has(name))
    .map(({ name, kind }) => ({ name, kind, by: mode === 'read_only' && kind === 'proposal' ? 'mode' : 'adapter' }))
}
