import type { Severity } from './report.js'

interface AuditCode {
  readonly severity: Severity
  /** What is wrong, of one tool. */
  readonly message: string
  /** What to do about it. */
  readonly recommendation: string
}

/** Everything that an audit can find, heaviest first. `docs/mcp-audit.md` has a section for each. */
export const AUDIT_CODES = {
  GENERIC_SQL_TOOL: {
    severity: 'HIGH',
    message: 'The tool runs queries that the model writes.',
    recommendation: 'Replace it by named reads and proposals, each of one table, reviewed columns and one tenant.',
  },
  WRITE_TOOL_ACCEPTS_ARBITRARY_SQL: {
    severity: 'HIGH',
    message: 'The tool takes the text of a statement as an input.',
    recommendation: 'Take business values as inputs and keep the statement in reviewed code.',
  },
  ARBITRARY_IDENTIFIER_INPUT: {
    severity: 'HIGH',
    message: 'The model chooses the table, schema, column or database.',
    recommendation: 'Fix the target in the reviewed capability and take only the id of a business object.',
  },
  ARBITRARY_PREDICATE_INPUT: {
    severity: 'HIGH',
    message: 'The model chooses the condition that selects the rows.',
    recommendation: 'Select by one reviewed key; where a choice is needed, name each one as an input of its own.',
  },
  MODEL_CONTROLLED_TRUST_SCOPE: {
    severity: 'HIGH',
    message: 'The model states who acts, for whom, or what is allowed.',
    recommendation: 'Bind tenant, principal, limits and versions from the trusted session, outside the arguments.',
  },
  MODEL_CALLABLE_COMMIT_OR_APPROVAL: {
    severity: 'HIGH',
    message: 'The model can approve, commit or revert by itself.',
    recommendation: 'Let the model propose only; keep the decision and the write where a model cannot call them.',
  },
  WRITE_WITHOUT_PROPOSAL_BOUNDARY: {
    severity: 'HIGH',
    message: 'The tool writes at once, without a proposal that a person decides on.',
    recommendation:
      'Let it return a proposal of the exact change, and write after a decision, out of reach of the model.',
  },
  MCP_BYPASS_DIRECT_AUTHORITY: {
    severity: 'HIGH',
    message: 'The client also mounts a server that reaches data directly, past the reviewed tools.',
    recommendation: 'Remove that server from the client, or give it a credential that cannot reach the same data.',
  },
  NO_STRUCTURED_OUTPUT_SCHEMA: {
    severity: 'MEDIUM',
    message: 'The tool has no output schema, so nothing limits what it returns.',
    recommendation: 'Declare an output schema of the reviewed fields.',
  },
  NO_IDEMPOTENCY_FIELD: {
    severity: 'MEDIUM',
    message: 'The tool writes, and nothing tells a repeated call from a second one.',
    recommendation: 'Derive an idempotency key from the proposal, or take one.',
  },
  NO_CONFLICT_GUARD: {
    severity: 'MEDIUM',
    message: 'The tool writes, and nothing notices that the row has changed since it was read.',
    recommendation: 'Freeze the version that was read in the proposal and compare it at the write.',
  },
  AMBIGUOUS_READ_WRITE_TOOL: {
    severity: 'MEDIUM',
    message: 'The tool is presented as a read and may write.',
    recommendation: 'Split it into a tool that reads and a tool that proposes.',
  },
  NO_TOOLS_FOUND: {
    severity: 'MEDIUM',
    message: 'No tool was found, so nothing was reviewed.',
    recommendation:
      'Audit the answer of tools/list: a file of it, the URL of the server, or the command that starts it.',
  },
  MISSING_BUSINESS_DESCRIPTION: {
    severity: 'LOW',
    message: 'The tool has no description of what it does.',
    recommendation: 'Say in business words what it does, on which object, within which limits.',
  },
  MISSING_RISK_ANNOTATIONS: {
    severity: 'LOW',
    message: 'The tool says neither whether it only reads nor whether it destroys.',
    recommendation: 'Set readOnlyHint and destructiveHint truthfully. They inform people and are no protection.',
  },
  MISSING_TEST_FIXTURE: {
    severity: 'LOW',
    message: 'The tool has no example of its inputs.',
    recommendation: 'Put an example into the input schema, so that a reviewer can try the tool.',
  },
} as const satisfies Record<string, AuditCode>

export type AuditCodeName = keyof typeof AUDIT_CODES

const DOCUMENT = 'https://synapsor.ai/docs/mcp-audit.md'

/** Where the documentation explains a code. */
export function remediationUrl(code: AuditCodeName): string {
  return `${DOCUMENT}#${code.toLowerCase()}`
}
