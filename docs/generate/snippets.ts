/** Where the blocks of a page come from. */
export interface BlockSources {
  /** Reads a file of the project. */
  readText(path: string): string
  /** Runs an example and gives what it printed. */
  runExample(path: string): Promise<string>
}

const BLOCK = /<!-- (snippet|output): ([\w./-]+)(?:#([\w-]+))? -->\n+```(\w+)\n[\s\S]*?```/g

/**
 * Fills each fenced block behind `<!-- snippet: file#region -->` with that region, and each behind
 * `<!-- output: file -->` with what the file prints when it runs.
 */
export async function fillBlocks(page: string, sources: BlockSources): Promise<string> {
  const blocks = await Promise.all([...page.matchAll(BLOCK)].map((match) => renderBlock(match, sources)))
  let place = 0
  return page.replace(BLOCK, () => blocks[place++] ?? '')
}

async function renderBlock([, kind, path = '', region, language]: RegExpMatchArray, sources: BlockSources) {
  const marker = `<!-- ${kind}: ${path}${region === undefined ? '' : `#${region}`} -->`
  const content = kind === 'output' ? await sources.runExample(path) : regionOf(sources.readText(path), path, region)
  return `${marker}\n\n\`\`\`${language}\n${content.trim()}\n\`\`\``
}

/** Cuts a region out of a program. Readers import the package, where an example imports its sources. */
function regionOf(text: string, path: string, region: string | undefined): string {
  const [, body] = new RegExp(`// #region ${region}\\n([\\s\\S]*?)\\n *// #endregion`).exec(text) ?? []
  if (body === undefined) throw new Error(`${path} has no region ${region}.`)
  return body
    .replaceAll(`'../src/index.js'`, `'@synapsor/runner'`)
    .replaceAll(/'\.\.\/adapters\/([a-z-]+)\/index\.js'/g, `'@synapsor/runner/$1'`)
}
