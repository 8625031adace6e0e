import { type Draft, type DraftCapability, type DraftProposal, type DraftSource, itemsOf, own } from './draft.js'
import type { Path } from './problems.js'
import { isRecord } from './snapshot.js'

/** Names the contract declares, even where what they name is faulty: a fault is reported once, where it is. */
export interface DeclaredNames {
  readonly sources: ReadonlySet<string>
  readonly contexts: ReadonlySet<string>
  readonly executors: ReadonlySet<string>
}

/** Who performs the change: the runner, the app, or nobody that this file can name. */
export type Writer = 'direct_sql' | 'app' | 'other'

/** One capability with what the rules need to know about it. */
export interface Subject<Capability extends DraftCapability = DraftCapability> {
  readonly path: Path
  readonly capability: Capability
  readonly config: Draft
  readonly names: DeclaredNames
  readonly source: DraftSource | undefined
}

function keysAt(tree: unknown, key: string): ReadonlySet<string> {
  const map = isRecord(tree) ? tree[key] : undefined
  return new Set(isRecord(map) ? Object.keys(map) : [])
}

/** Collects the declared names from the contract as it was given. */
export function declaredNames(tree: unknown): DeclaredNames {
  return { sources: keysAt(tree, 'sources'), contexts: keysAt(tree, 'contexts'), executors: keysAt(tree, 'executors') }
}

/** The capabilities of a draft, each with its place and its source. */
export function subjectsOf(config: Draft, names: DeclaredNames): Subject[] {
  return itemsOf(config.capabilities).map(([index, capability]) => ({
    path: ['capabilities', index],
    capability,
    config,
    names,
    source: own(config.sources, capability.source),
  }))
}

/** Narrows a subject to a proposal. */
export function isProposal(subject: Subject): subject is Subject<DraftProposal> {
  return subject.capability.kind === 'proposal'
}

/** The executor that a proposal names, in either place. */
export function executorName(proposal: DraftProposal): string | undefined {
  return proposal.executor ?? proposal.writeback?.executor
}

/** Who would perform the change of this proposal. */
export function writerOf({ capability, config }: Subject<DraftProposal>): Writer {
  const mode = capability.writeback?.mode
  if (mode === 'cloud_worker' || mode === 'none') return 'other'
  const name = executorName(capability)
  if (name === undefined) return mode === 'app_handler' ? 'app' : 'direct_sql'
  return own(config.executors, name)?.type === 'sql_update' ? 'direct_sql' : 'app'
}
