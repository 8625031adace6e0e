import { withDesk } from './programs/desk.js'
import type { Transcript } from './programs/transcript.js'

type Printed = ReadonlyMap<string, string>

/** Programs are loaded when the page is printed that shows them. */
const PAGES: Readonly<Record<string, () => Promise<Printed>>> = {
  'docs/contract-tests.md': async () => (await import('./programs/contract-tests.js')).printedOfContractTests(),
  'docs/ledger.md': async () => typed((await import('./programs/ledger.js')).ledger),
  'docs/mcp-clients.md': async () => (await import('./programs/clients.js')).printedOfClients(),
  'docs/mcp-server.md': async () => (await import('./programs/server.js')).printedOfServer(),
  'docs/operations.md': async () => typed((await import('./programs/operations.js')).operations),
  'docs/own-database.md': async () => (await import('./programs/own-database.js')).printedOfOwnDatabase(),
  'docs/reviewing.md': async () => typed((await import('./programs/reviewing.js')).reviewing),
  'docs/schema-inspection.md': async () => (await import('./programs/inspecting.js')).printedOfInspecting(),
  'docs/troubleshooting.md': async () => (await import('./programs/first-run.js')).printedOfFirstRun(),
  'recipes/README.md': async () => (await import('./programs/recipes.js')).printedOfRecipes(),
}

/** Prints what a page shows of the command line and the server, by the names of the blocks. Nothing for any other page. */
export async function printedByPrograms(path: string): Promise<Printed> {
  return (await PAGES[path]?.()) ?? new Map()
}

async function typed(transcript: Transcript): Promise<Printed> {
  return new Map(Object.entries(await withDesk(transcript)))
}
