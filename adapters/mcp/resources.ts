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
    ...(proposal === undefined ? [] : [link('proposal', proposal.id)]),
    ...(evidence === undefined ? [] : [link('evidence', evidence.bundle_id)]),
    ...(run === undefined ? [] : [link('run', run.run_id)]),
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
export async function readResource({ loadRecord }: Toolset, uri: string, extra: Extra): Promise<ReadResourceResult> {
  const found = Object.values(KINDS).find(({ path }) => uri.startsWith(path))
  if (found === undefined) throw new McpError(RESOURCE_NOT_FOUND, 'There is no resource of this address.')
  try {
    const record = await loadRecord(found.kind, uri.slice(found.path.length), hostContextOf(extra))
    return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(record) }] }
  } catch (error) {
    throw isRunnerError(error) ? new McpError(codeOf(error.code), error.message, error.toJSON()) : error
  }
}

const ABSENT: ReadonlySet<string> = new Set(['PROPOSAL_NOT_FOUND', 'EVIDENCE_NOT_FOUND', 'RUN_NOT_FOUND'])

function codeOf(code: string): number {
  return ABSENT.has(code) ? RESOURCE_NOT_FOUND : ErrorCode.InternalError
}
