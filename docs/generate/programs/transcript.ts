import type { Desk } from './desk.js'

/** Types what a page shows of the command line, and gives the blocks of the page by their names. */
export type Transcript = (desk: Desk) => Promise<Readonly<Record<string, string>>>
