import * as z from 'zod'
import { auditReport } from '../src/audit/report.js'
import { contractCases } from '../src/contract-test/cases.js'
import { ERROR_CODES } from '../src/errors.js'
import { selectionSchema } from '../src/onboarding/selection.js'
import { envelope } from '../src/protocol/envelope.js'
import { evidenceV1 } from '../src/protocol/evidence.js'
import { handlerAnswerV1, handlerRequestV1 } from '../src/protocol/handler.js'
import { jobV2 } from '../src/protocol/job.js'
import { proposalV2 } from '../src/protocol/proposal.js'
import { receiptV2 } from '../src/protocol/receipt.js'
import { runV1 } from '../src/protocol/run.js'
import { V1_OBJECTS } from '../src/protocol/v1.js'

/** A JSON Schema as plain data. */
export type JsonSchema = Record<string, unknown>

interface PublishedObject {
  readonly title: string
  readonly schema: z.ZodType
  /** Where the schema has an address of its own. Default: by its name. */
  readonly id?: string
  /** Whoever reads it takes what it knows. Default: a key that is not known is refused. */
  readonly is_open?: true
}

/** Every object of the protocol that other tools may read, by the name that its schema file carries. */
export const PUBLISHED_OBJECTS: Readonly<Record<string, PublishedObject>> = {
  'synapsor.proposal.v2': { title: 'Synapsor Proposal v2', schema: proposalV2() },
  'synapsor.writeback-job.v2': { title: 'Synapsor Writeback Job v2', schema: jobV2() },
  'synapsor.execution-receipt.v2': { title: 'Synapsor Execution Receipt v2', schema: receiptV2() },
  'synapsor.evidence.v1': { title: 'Synapsor Evidence v1', schema: evidenceV1() },
  'synapsor.run.v1': { title: 'Synapsor Run v1', schema: runV1() },
  'synapsor.envelope.v1': { title: 'Synapsor Envelope v1', schema: envelope() },
  'synapsor.change-set.v1': { title: 'Synapsor Change Set v1', schema: V1_OBJECTS['synapsor.change-set.v1']() },
  'synapsor.writeback-job.v1': {
    title: 'Synapsor Writeback Job v1',
    schema: V1_OBJECTS['synapsor.writeback-job.v1'](),
  },
  'synapsor.execution-receipt.v1': {
    title: 'Synapsor Execution Receipt v1',
    schema: V1_OBJECTS['synapsor.execution-receipt.v1'](),
  },
  'synapsor.runner-registration.v1': {
    title: 'Synapsor Runner Registration v1',
    schema: V1_OBJECTS['synapsor.runner-registration.v1'](),
  },
  'synapsor.contract-cases.v1': { title: 'Synapsor Contract Cases v1', schema: contractCases() },
  'synapsor.handler-writeback.v1': {
    title: 'Synapsor Handler Writeback v1: what the app is sent',
    schema: handlerRequestV1(),
    is_open: true,
  },
  'synapsor.handler-writeback-answer.v1': {
    title: 'Synapsor Handler Writeback v1: what the app answers',
    schema: handlerAnswerV1(),
    is_open: true,
  },
  'synapsor.onboarding-selection.v1': { title: 'Synapsor Onboarding Selection v1', schema: selectionSchema() },
  'mcp-audit-report': {
    title: 'Synapsor MCP Audit Report',
    schema: auditReport(),
    id: 'https://synapsor.ai/schemas/mcp-audit-report.schema.json',
  },
}

/** Renders the JSON Schema (2020-12) of one published object. */
export function objectSchema(name: string, { title, schema, id }: PublishedObject): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema, path }) => {
      if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, ERROR_CODE)
      Object.assign(jsonSchema, refinementAt(name, path))
    },
  })
  return { $schema, $id: id ?? `https://schemas.synapsor.ai/${name}.schema.json`, title, ...rest }
}

const ERROR_CODE = { type: 'string', enum: Object.keys(ERROR_CODES) }

const MAPS = new Set(['before', 'patch', 'after'])
const LISTS = new Set(['allowed_columns', 'engines', 'capabilities', 'source_ids'])

/** What version 1 also says of its maps and lists: refinements, which zod itself cannot render. */
function refinementAt(name: string, path: readonly (string | number)[]): JsonSchema {
  const key = path.at(-1)
  if (!Object.hasOwn(V1_OBJECTS, name) || typeof key !== 'string' || path.at(-2) !== 'properties') return {}
  if (MAPS.has(key)) return { minProperties: 1 }
  return LISTS.has(key) ? { uniqueItems: true } : {}
}
