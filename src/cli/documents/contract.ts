import * as z from 'zod'
import { LINT_CODES, type LintCode } from '../../authority/lint-codes.js'
import { PROBLEM_CODES, type ProblemCode } from '../../contract/problems.js'
import { configSchema } from '../../contract/schema.js'
import { digestString, jsonScalar } from '../../protocol/values.js'

const problemCodes = Object.keys(PROBLEM_CODES) as [ProblemCode, ...ProblemCode[]]

const lintCodes = Object.keys(LINT_CODES) as [LintCode, ...LintCode[]]

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
  'contract diff': z.strictObject({
    grew: z.boolean(),
    old_digest: digestString(),
    new_digest: digestString(),
    changes: z.array(
      z.strictObject({
        direction: z.enum(['grew', 'shrank', 'changed']),
        subject: z.string(),
        path: z.string().startsWith('/'),
        message: z.string(),
      }),
    ),
  }),
  'contract lint': z.strictObject({
    ok: z.boolean(),
    findings: z.array(
      z.strictObject({
        severity: z.enum(['error', 'warning', 'info']),
        code: z.enum([...lintCodes, ...problemCodes]),
        path: z.string().startsWith('/'),
        message: z.string(),
        next: z.string(),
        line: z.int().min(1).exactOptional(),
        column: z.int().min(1).exactOptional(),
      }),
    ),
  }),
  'contract test': z.strictObject({
    ok: z.boolean(),
    passed: z.int().min(0),
    failed: z.int().min(0),
    cases: z.array(
      z.strictObject({
        name: z.string(),
        capability: z.string(),
        ok: z.boolean(),
        differences: z.array(
          z.strictObject({
            path: z.string().startsWith('/'),
            message: z.string(),
            expected: jsonScalar().exactOptional(),
            actual: jsonScalar().exactOptional(),
          }),
        ),
      }),
    ),
    uncovered: z.array(z.string()),
  }),
  types: z.strictObject({ file: z.string().nullable(), types: z.string() }),
} satisfies Readonly<Record<string, z.ZodType>>
