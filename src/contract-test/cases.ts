import * as z from 'zod'
import { capabilityName, identifier } from '../contract/names.js'
import { toPointer } from '../contract/problems.js'
import { ERROR_CODES, type ErrorCode, RunnerError } from '../errors.js'
import { once } from '../protocol/once.js'
import type { DeepReadonly } from '../protocol/readonly.js'
import { jsonScalar } from '../protocol/values.js'

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]
const errorCode = once(() => z.enum(codes).describe('The code that the call is refused with.'))

const refused = once(() =>
  z.strictObject({
    refused: z
      .union([
        errorCode(),
        z.strictObject({
          code: errorCode(),
          argument: identifier().exactOptional().describe('The argument that the refusal names.'),
        }),
      ])
      .describe('The call is refused.'),
  }),
)

const change = once(() => z.strictObject({ before: jsonScalar(), after: jsonScalar() }))

const proposed = once(() =>
  z.strictObject({
    proposed: z
      .record(identifier(), z.union([jsonScalar(), change()]))
      .describe('The change that is proposed, by column: the new value, or the old and the new one.'),
    partial: z.literal(true).exactOptional().describe('Further columns may change. Left out, none may.'),
  }),
)

const read = once(() =>
  z.strictObject({
    read: z
      .strictObject({
        row_count: z.int().min(0).exactOptional().describe('How many rows are given.'),
        columns: z
          .record(identifier(), jsonScalar())
          .exactOptional()
          .describe('Columns of the one row, as far as they are tested. Of a list there is none.'),
      })
      .describe('The call is answered.'),
  }),
)

const contractCase = once(() =>
  z.strictObject({
    name: z.string().min(1).max(200).describe('What is tested, in words. Unique in the file.'),
    capability: capabilityName().describe('The capability that is called.'),
    context: z
      .strictObject({ tenant_id: z.string().min(1).max(256), principal: z.string().min(1).max(256) })
      .exactOptional()
      .describe('For whom the call is made. Needed where the contract takes its context from the host.'),
    args: z.record(z.string(), jsonScalar()).describe('The arguments, as a model would give them: they may be wrong.'),
    expect: z
      .union([refused(), proposed(), read()], {
        error: 'Expect one of refused (a code of the library), proposed and read, and nothing beside it but partial.',
      })
      .describe('What becomes of the call.'),
  }),
)

/** A file of cases: `synapsor.contract-cases.v1`. Closed: an unknown key is refused. */
export const contractCases = once(() =>
  z.strictObject({
    $schema: z.string().exactOptional().describe('JSON Schema for editors. Ignored.'),
    schema_version: z.literal('synapsor.contract-cases.v1').describe('Version of the format.'),
    cases: z.array(contractCase()).min(1).max(10_000).describe('What is called, one after the other.'),
  }),
)

/** Example calls of a contract, and what becomes of each: `synapsor.contract-cases.v1`. */
export type ContractCases = DeepReadonly<z.infer<ReturnType<typeof contractCases>>>

/** One call, and what becomes of it. */
export type ContractCase = ContractCases['cases'][number]

/** @throws RunnerError `INVALID_ARGUMENT` with every problem in `details.errors`. */
export function parseContractCases(value: unknown): ContractCases {
  const { success, data, error } = contractCases().safeParse(value)
  const errors = success
    ? repeatedNames(data)
    : error.issues.map(({ path, message }) => ({ path: toPointer(path.map(keyOf)), message }))
  const [first] = errors
  if (success && first === undefined) return data
  throw new RunnerError('INVALID_ARGUMENT', `The cases are not valid: ${first?.path ?? '/'}: ${first?.message}`, {
    details: { errors },
    next: 'Correct the listed places: the format is synapsor.contract-cases.v1.',
  })
}

function keyOf(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : String(key)
}

function repeatedNames({ cases }: ContractCases) {
  const seen = new Set<string>()
  return cases.flatMap(({ name }, index) => {
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    return [{ path: `/cases/${index}/name`, message: 'Give each case a name of its own.' }]
  })
}
