import type { AdapterPage, Shown } from './adapters/shown.js'
import { withWorld } from './adapters/world.js'
import { layOut } from './json.js'

/** A framework is loaded when its page is printed. */
const PAGES: Readonly<Record<string, () => Promise<AdapterPage>>> = {
  'docs/adapters/ai-sdk.md': async () => (await import('./adapters/ai-sdk.js')).aiSdk,
  'docs/adapters/function-calling.md': async () => (await import('./adapters/function-calling.js')).functionCalling,
  'docs/adapters/langgraph.md': async () => (await import('./adapters/langgraph.js')).langgraph,
  'docs/adapters/mcp.md': async () => (await import('./adapters/mcp.js')).mcp,
  'docs/adapters/openai-agents.md': async () => (await import('./adapters/openai-agents.js')).openaiAgents,
}

const LEVELS = ['full', 'summary', 'handles_only'] as const

/**
 * Prints what the page of an adapter may show: blocks as `read.full`, by what they are and how much of the evidence the
 * model is shown, and the table `tokens`. Nothing for any other page.
 */
export async function printedFor(path: string): Promise<ReadonlyMap<string, string>> {
  const page = await PAGES[path]?.()
  if (page === undefined) return new Map()
  const { contract, show } = page
  return withWorld(contract, async (world) => {
    const printed = new Map<string, string>()
    const counted: Shown['texts'][] = []
    // One after another: ids are counted.
    for (const level of LEVELS) {
      const { blocks, texts } = await show(world, level)
      for (const [name, value] of Object.entries(blocks)) printed.set(`${name}.${level}`, blockOf(value))
      counted.push(texts)
    }
    return printed.set('tokens', tokenTable(counted))
  })
}

function blockOf(value: unknown): string {
  return typeof value === 'string' ? value : layOut(value)
}

/** A row for each text, a column for each level. */
function tokenTable(counted: readonly Shown['texts'][]): string {
  const rows = Object.keys(counted[0] ?? {}).map((label) => [
    label,
    ...counted.map((texts) => estimate(texts[label] ?? '')),
  ])
  const cells = [['Estimate in tokens', ...LEVELS.map((level) => `\`${level}\``)], LEVELS.map(() => '---'), ...rows]
  cells[1]?.push('---')
  return cells.map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** Four characters count as a token. */
function estimate(text: string): string {
  return String(Math.round(text.length / 4))
}
