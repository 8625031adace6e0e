import type { ReadResourceResult, ResourceLink, ResourceTemplate } from '@modelcontextprotocol/sdk/types.js'
import { type ErrorCode, isRunnerError } from '../../src/errors.js'
import type { Envelope, RecordKind, Toolset } from '../../src/index.js'
import { type Extra, hostContextOf } from './host-context.js'
import { failure, INTERNAL_ERROR, type RpcError } from './rpc.js'

const JSON_TYPE = 'application/json'

/** A code of the protocol that the SDK has no name for. */
export const RESOURCE_NOT_FOUND = -32002

type About = Readonly<Record<'path' | 'title' | 'description', string>>

/** What can be read beside the tools, each by its id. */
const KINDS = {
  proposal: {
    kind: 'proposal',
    path: 'synapsor://proposals/',
    title: 'Proposal',
    description: 'A proposal that you made, as it stands now.',
  },
  evidence: {
    kind: 'evidence',
    path: 'synapsor://evidence/',
    title: 'Evidence',
    description: 'What you read, as it was recorded.',
  },
  replay: {
    kind: 'replay',
    path: 'synapsor://replay/',
    title: 'Replay',
    description: 'What has happened to a proposal that you made.',
  },
  run: {
    kind: 'run',
    path: 'synapsor://runs/',
    title: 'Run',
    description: 'A run that you started, as it stands now.',
  },
} as const satisfies { readonly [Kind in RecordKind]: About & { readonly kind: Kind } }

/** Where a session finds its own records. */
export const TEMPLATES: readonly ResourceTemplate[] = Object.values(KINDS).map(
  ({ kind, path, title, description }) => ({
    name: `synapsor_${kind}`,
    title,
    uriTemplate: `${path}{id}`,
    description,
    mimeType: JSON_TYPE,
  }),
)

/** Where the records of an answer are found. */
export function linksOf({ proposal, evidence, run }: Envelope): readonly ResourceLink[] {
  return [
    ...(proposal === undefined ? [] : [link('proposal', proposal.id), link('replay', proposal.id)]),
    ...(evidence === undefined ? [] : [link('evidence', evidence.bundle_id)]),
    ...(run === undefined ? [] : [link('run', run.run_id)]),
  ]
}

function link(kind: RecordKind, id: string): ResourceLink {
  const { path, title } = KINDS[kind]
  return { type: 'resource_link', uri: `${path}${id}`, name: id, title, mimeType: JSON_TYPE }
}

/** A record that an address names. */
export interface Address {
  readonly kind: RecordKind
  readonly id: string
}

/** `undefined` for an address that is none of ours. */
export function addressOf(uri: string): Address | undefined {
  const found = Object.values(KINDS).find(({ path }) => uri.startsWith(path))
  return found && { kind: found.kind, id: uri.slice(found.path.length) }
}

/** What came of reading a resource. */
export type Reading = { readonly result: ReadResourceResult } | { readonly error: RpcError }

/**
 * Reads what a `synapsor://` address names, in the measure in which the tools show it: for the session of each message,
 * and nobody else's.
 */
export async function readResource(toolset: Toolset, uri: string, extra: Extra): Promise<Reading> {
  const address = addressOf(uri)
  if (address === undefined) return failure(RESOURCE_NOT_FOUND, 'There is no resource of this address.')
  try {
    const text = await textOf(toolset, address, extra)
    return { result: { contents: [{ uri, mimeType: JSON_TYPE, text }] } }
  } catch (error) {
    return refusalOf(error)
  }
}

/** The record as JSON text. Throws what {@link refusalOf} takes. */
export async function textOf({ loadRecord }: Toolset, { kind, id }: Address, extra: Extra): Promise<string> {
  return JSON.stringify(await loadRecord(kind, id, hostContextOf(extra)))
}

/** A refusal of ours in the words of the protocol. What is not ours is thrown on. */
export function refusalOf(error: unknown): { readonly error: RpcError } {
  if (!isRunnerError(error)) throw error
  return failure(isAbsent(error.code) ? RESOURCE_NOT_FOUND : INTERNAL_ERROR, error.message, { ...error.toJSON() })
}

const ABSENT: ReadonlySet<ErrorCode> = new Set(['PROPOSAL_NOT_FOUND', 'EVIDENCE_NOT_FOUND', 'RUN_NOT_FOUND'])

/** Whether a record is not there, or not there for whoever asks. */
export function isAbsent(code: ErrorCode): boolean {
  return ABSENT.has(code)
}
