import {
  ErrorCode,
  McpError,
  type ReadResourceResult,
  type ResourceLink,
  type ResourceTemplate,
} from '@modelcontextprotocol/sdk/types.js'
import { isRunnerError } from '../../src/errors.js'
import type { Envelope, RecordKind, Toolset } from '../../src/index.js'
import { type Extra, hostContextOf } from './host-context.js'

const JSON_TYPE = 'application/json'

/** A code of the protocol that the SDK has no name for. */
const RESOURCE_NOT_FOUND = -32002

/** What can be read beside the tools, each by its id. */
const KINDS = {
  proposal: { path: 'synapsor://proposals/', title: 'Proposal', about: 'A proposal that you made, as it stands now.' },
  evidence: { path: 'synapsor://evidence/', title: 'Evidence', about: 'What you read, as it was recorded.' },
  replay: { path: 'synapsor://replay/', title: 'Replay', about: 'What has happened to a proposal that you made.' },
} as const satisfies Readonly<Record<RecordKind, unknown>>

const NAMES = ['proposal', 'evidence', 'replay'] as const satisfies readonly RecordKind[]

/** Where a session finds its own records. */
export const TEMPLATES: readonly ResourceTemplate[] = NAMES.map((kind) => {
  const { path, title, about } = KINDS[kind]
  return {
    name: `synapsor_${kind}`,
    title,
    uriTemplate: `${path}{id}`,
    description: about,
    mimeType: JSON_TYPE,
  }
})

/** Where the records of an answer are found. */
export function linksOf({ proposal, evidence }: Envelope): readonly ResourceLink[] {
  return [
    ...(proposal === undefined ? [] : [link('proposal', proposal.id)]),
    ...(evidence === undefined ? [] : [link('evidence', evidence.bundle_id)]),
  ]
}

function link(kind: RecordKind, id: string): ResourceLink {
  const { path, title } = KINDS[kind]
  return { type: 'resource_link', uri: `${path}${id}`, name: id, title, mimeType: JSON_TYPE }
}

/**
 * Reads what a `synapsor://` address names, in the measure in which the tools show it: for the session of each message,
 * and nobody else's.
 */
export async function readResource({ lookUp }: Toolset, uri: string, extra: Extra): Promise<ReadResourceResult> {
  const kind = NAMES.find((name) => uri.startsWith(KINDS[name].path))
  if (kind === undefined) throw new McpError(RESOURCE_NOT_FOUND, 'There is no resource of this address.')
  try {
    const found = await lookUp(kind, uri.slice(KINDS[kind].path.length), hostContextOf(extra))
    return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(found) }] }
  } catch (error) {
    throw isRunnerError(error) ? new McpError(codeOf(error.code), error.message, error.toJSON()) : error
  }
}

const ABSENT: ReadonlySet<string> = new Set(['PROPOSAL_NOT_FOUND', 'EVIDENCE_NOT_FOUND'])

function codeOf(code: string): number {
  return ABSENT.has(code) ? RESOURCE_NOT_FOUND : ErrorCode.InternalError
}
