import * as z from 'zod'
import { PROBLEM_CODES, type ProblemCode } from '../../contract/problems.js'
import { configSchema } from '../../contract/schema.js'
import { digestString } from '../../protocol/values.js'

const problemCodes = Object.keys(PROBLEM_CODES) as [ProblemCode, ...ProblemCode[]]

const problem = z.strictObject({
  path: z.string().startsWith('/'),
  code: z.enum(problemCodes),
  message: z.string(),
  line: z.int().min(1).exactOptional(),
  column: z.int().min(1).exactOptional(),
})

/** What the commands around the contract print with `--json`. */
export const CONTRACT_DOCUMENTS = {
  validate: z.strictObject({
    ok: z.boolean(),
    digest: digestString().exactOptional(),
    errors: z.array(problem),
    warnings: z.array(problem),
  }),
  // What the file holds, valid or not.
  'config show': z.unknown(),
  'config migrate': z.strictObject({
    file: z.string().nullable(),
    changes: z.array(z.strictObject({ path: z.string().startsWith('/'), message: z.string() })),
    errors: z.array(problem),
    config: z.unknown(),
  }),
  'config schema': z.looseObject({ $schema: z.string(), title: z.string(), type: z.literal('object') }),
  'config export': z.strictObject({
    schema_version: z.literal('synapsor.contract-export.v1'),
    digest: digestString(),
    contract: configSchema(),
  }),
  types: z.strictObject({ file: z.string().nullable(), types: z.string() }),
} satisfies Readonly<Record<string, z.ZodType>>
