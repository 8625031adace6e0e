import { authorityOf } from './authority.js'
import type { AuditCodeName } from './codes.js'
import type { AuditTool } from './manifest.js'
import type { AuditReport, AuthorityItem, BypassCheck, Finding } from './report.js'
import { told } from './words.js'

const LIMIT =
  'An audit sees names, texts and schemas. It does not see what a tool does when it is called, which credentials the server holds, or who can reach it.'

const CUT = 'Descriptions are long: of some of them the beginning was read, and nothing of the rest.'

/** What a model could do by findings of these codes. */
const OBSERVED: readonly { authority: string; label: string; codes: readonly AuditCodeName[] }[] = [
  {
    authority: 'arbitrary_query',
    label: 'Run queries of its own',
    codes: ['GENERIC_SQL_TOOL', 'WRITE_TOOL_ACCEPTS_ARBITRARY_SQL'],
  },
  {
    authority: 'arbitrary_target',
    label: 'Choose table, column or rows',
    codes: ['ARBITRARY_IDENTIFIER_INPUT', 'ARBITRARY_PREDICATE_INPUT'],
  },
  {
    authority: 'trust_scope',
    label: 'State tenant, principal or limits',
    codes: ['MODEL_CONTROLLED_TRUST_SCOPE'],
  },
  {
    authority: 'commit_or_approval',
    label: 'Approve, commit or revert',
    codes: ['MODEL_CALLABLE_COMMIT_OR_APPROVAL'],
  },
  { authority: 'direct_write', label: 'Write at once', codes: ['WRITE_WITHOUT_PROPOSAL_BOUNDARY'] },
]

interface Known {
  readonly tools: readonly AuditTool[]
  readonly findings: readonly Finding[]
  readonly bypass: BypassCheck | undefined
}

/** Says what a model could do with these tools, and what an audit cannot see. */
export function authorityMap({ tools, findings, bypass }: Known): AuditReport['authority_map'] {
  const observed = OBSERVED.map(({ authority, label, codes }) => {
    const found = findings.filter(({ code }) => codes.some((each) => each === code))
    return item(authority, label, namesOf(found.map(({ tool = '' }) => tool)), codes.join(', '))
  })
  const proposing = tools.filter((tool) => authorityOf(tool).proposes).map(({ name }) => told(name))
  return {
    items: [
      ...observed,
      item('proposal', 'Propose a change', namesOf(proposing), 'Names and output schemas of the tools.'),
      otherServers(bypass),
      {
        authority: 'server_credentials',
        label: 'What the server itself may do in the database',
        status: 'outside_static_audit_visibility',
        tools: [],
        evidence: 'Look at the grants of the credential that the server holds.',
      },
      {
        authority: 'server_behaviour',
        label: 'What the tools do when they are called',
        status: 'outside_static_audit_visibility',
        tools: [],
        evidence: 'No tool was called.',
      },
    ],
    visibility_limit: tools.some(({ is_description_cut }) => is_description_cut) ? `${LIMIT} ${CUT}` : LIMIT,
  }
}

function item(authority: string, label: string, tools: readonly string[], evidence: string): AuthorityItem {
  return { authority, label, status: tools.length > 0 ? 'observed' : 'not_observed', tools, evidence }
}

function namesOf(tools: readonly string[]): readonly string[] {
  return [...new Set(tools)]
}

function otherServers(bypass: BypassCheck | undefined): AuthorityItem {
  const common = { authority: 'other_servers', label: 'Reach the data through another server of the same client' }
  const verify = 'requires_operator_verification'
  if (bypass === undefined) {
    return { ...common, status: verify, tools: [], evidence: 'No configuration of a client was given.' }
  }
  const direct = bypass.servers.filter(({ status }) => status === 'observed_direct_authority')
  if (direct.length > 0) {
    const names = direct.map(({ server }) => server).join(', ')
    const tools = namesOf(direct.flatMap(({ tools_observed }) => tools_observed))
    return { ...common, status: 'observed', tools, evidence: `Servers with direct authority: ${names}` }
  }
  const evidence = `${bypass.unverified_servers} of ${bypass.servers.length} servers tell nothing of what they reach.`
  return { ...common, status: bypass.unverified_servers > 0 ? verify : 'not_observed', tools: [], evidence }
}
