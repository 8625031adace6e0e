import type { AdapterView, ParsedConfig, Runner } from '../../../index.js'
import { defineCommand } from '../../command.js'
import { toolsOf } from '../../tools/toolset.js'

/** One adapter whole. */
export interface AdapterDocument extends AdapterView {
  /** Sessions need one of these, `null`: none in particular. */
  readonly roles: readonly string[] | null
  /** Sessions of these tenants only, `null`: of all. */
  readonly tenants: readonly string[] | null
  readonly require_evidence: boolean
  /** Which claims the context is taken from. */
  readonly session_bind: NonNullable<ParsedConfig['adapters'][string]['session_bind']> | null
}

/** `adapters show`. */
export const adaptersShow = defineCommand({
  name: 'adapters show',
  summary: 'Show one adapter: its tools, and who may use it.',
  needs: 'runner',
  args: [{ name: 'name', summary: 'As the contract calls it.' }],
  examples: ['adapters show mcp.support_agent'],
  async run({ args, runner: open }) {
    const documents = documentsOf(await open(), args.name ?? '')
    const { renderAdapter } = await import('../../text/adapter.js')
    return { document: documents[0], render: (view) => documents.map((each) => renderAdapter(each, view)).join('\n') }
  },
})

function documentsOf(runner: Runner, name: string): readonly AdapterDocument[] {
  // Refuses a name that the contract lacks, in the words of the tools themselves.
  toolsOf(runner, name)
  const { adapters } = runner.config
  return runner
    .adapters()
    .filter((each) => each.name === name)
    .map((view) => ({
      ...view,
      roles: adapters[name]?.roles ?? null,
      tenants: adapters[name]?.tenants ?? null,
      require_evidence: adapters[name]?.require_evidence ?? false,
      session_bind: adapters[name]?.session_bind ?? null,
    }))
}
