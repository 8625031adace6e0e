/** Where the blocks of a page come from. */
export interface BlockSources {
  /** Reads a file of the project. */
  readText(path: string): string
  /** Runs an example and gives what it printed. */
  runExample(path: string): Promise<string>
  /** What is printed for this page under a name. */
  printed(name: string): string
}

const MARKER = /<!-- (?:snippet|output|printed): /g
const BLOCK = /<!-- (snippet|output|printed): ([\w./-]+)(?:#([\w-]+))? -->\n+(?:```(\w+)\n[\s\S]*?```|\|.*(?:\n\|.*)*)/g

/**
 * Fills each fenced block behind `<!-- snippet: file#region -->` with that region, each behind `<!-- output: file -->`
 * with what the file prints when it runs, and each block or table behind `<!-- printed: name -->` with what is printed
 * for the page under that name.
 */
export async function fillBlocks(page: string, sources: BlockSources): Promise<string> {
  if (page.match(MARKER)?.length !== page.match(BLOCK)?.length) throw new Error('A marker has no block behind it.')
  const blocks = await Promise.all([...page.matchAll(BLOCK)].map((match) => renderBlock(match, sources)))
  let place = 0
  return page.replace(BLOCK, () => blocks[place++] ?? '')
}

async function renderBlock([, kind, path = '', region, language]: RegExpMatchArray, sources: BlockSources) {
  const marker = `<!-- ${kind}: ${path}${region === undefined ? '' : `#${region}`} -->`
  const content = (await contentOf({ kind, path, region }, sources)).trim()
  return `${marker}\n\n${language === undefined ? content : `\`\`\`${language}\n${content}\n\`\`\``}`
}

interface Block {
  readonly kind: string | undefined
  readonly path: string
  readonly region: string | undefined
}

async function contentOf({ kind, path, region }: Block, sources: BlockSources): Promise<string> {
  if (kind === 'output') return sources.runExample(path)
  if (kind === 'printed') return sources.printed(path)
  return regionOf(sources.readText(path), path, region)
}

/** Cuts a region out of a program. Readers import the package, where an example imports its sources. */
function regionOf(text: string, path: string, region: string | undefined): string {
  const [, body] = new RegExp(`// #region ${region}\\n([\\s\\S]*?)\\n *// #endregion`).exec(text) ?? []
  if (body === undefined) throw new Error(`${path} has no region ${region}.`)
  return body
    .replaceAll(/'(?:\.\.\/)+src\/index\.js'/g, `'@synapsor/runner'`)
    .replaceAll(/'(?:\.\.\/)+(?:src|adapters)\/([a-z-]+)\/index\.js'/g, `'@synapsor/runner/$1'`)
}
