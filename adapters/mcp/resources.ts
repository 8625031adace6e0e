import {
  ErrorCode,
  McpError,
  type ReadResourceResult,
  type ResourceLink,
  type ResourceTemplate,
} from '@modelcontextprotocol/sdk/types.js'
import type { Envelope, ToolOptions, ToolSource } from '../../src/index.js'
import { type Extra, hostContextOf } from './host-context.js'

const PROPOSALS = 'synapsor://proposals/'
const JSON_TYPE = 'application/json'

/** A code of the protocol that the SDK has no name for. */
const RESOURCE_NOT_FOUND = -32002

/** Where a session finds the proposals that it made. */
export const PROPOSAL_TEMPLATE = {
  name: 'synapsor_proposal',
  title: 'Proposal',
  uriTemplate: `${PROPOSALS}{id}`,
  description: 'A proposal that you made, as it stands now.',
  mimeType: JSON_TYPE,
} as const satisfies ResourceTemplate

export function proposalLink(id: string): ResourceLink {
  return { type: 'resource_link', uri: `${PROPOSALS}${id}`, name: id, title: 'Proposal', mimeType: JSON_TYPE }
}

/** Reads what a `synapsor://` address names, in the measure in which the tools show it. */
export type ReadResource = (uri: string, extra: Extra) => Promise<ReadResourceResult>

/** Reads proposals as the tool for their status does: for the session of each message, and nobody else's. */
export function resourceReader(source: ToolSource, options: ToolOptions): ReadResource {
  const [status] = source.tools({ ...options, only: [], status_tool: true })
  return async (uri, extra) => {
    if (status === undefined || !uri.startsWith(PROPOSALS)) {
      throw new McpError(RESOURCE_NOT_FOUND, 'There is no resource of this address.')
    }
    const envelope = await status.call({ proposal_id: uri.slice(PROPOSALS.length) }, undefined, hostContextOf(extra))
    if (envelope.error !== undefined) throw toMcpError(envelope.error)
    const { capability, proposal } = status.toModel(envelope)
    return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify({ ...proposal, capability }) }] }
  }
}

function toMcpError(error: NonNullable<Envelope['error']>): McpError {
  const code = error.code === 'PROPOSAL_NOT_FOUND' ? RESOURCE_NOT_FOUND : ErrorCode.InternalError
  return new McpError(code, error.message, error)
}
