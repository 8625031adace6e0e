/**
 * Tools and nodes for LangGraph: a graph inspects and proposes, waits for a person, and goes on with what was recorded.
 *
 * @packageDocumentation
 */
export type { ApprovalCard, ApprovalRequest } from './approval-card.js'
export { type ApprovalNodeOptions, createApprovalNode } from './approval-node.js'
export type { RunCard } from './await-run.js'
export { type CapabilityNodeOptions, createCapabilityNode } from './capability-node.js'
export { type DecideByResume, type Resume, resumeWith } from './decide.js'
export { envelopeOf } from './envelope-of.js'
export type { LangGraphContext } from './host-context.js'
export { createLangGraphTools, type LangGraphToolOptions } from './tools.js'
export { createWorkflowNode, type WorkflowNodeOptions } from './workflow-node.js'
