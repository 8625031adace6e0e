import * as z from 'zod'
import { selectionSchema } from '../../onboarding/selection.js'
import { envelope } from '../../protocol/envelope.js'
import { LEDGER_DOCUMENTS } from './ledger.js'

const names = z.array(z.string())

const onboarded = z.strictObject({
  folder: z.string(),
  // Relative to the folder. The contract comes first.
  files: names.min(1),
  // How the names of the contract were checked; null where they were not.
  checked: z.enum(['database', 'file']).nullable(),
  selection: selectionSchema(),
  not_exposed: z.strictObject({ tables: names.nullable(), columns: names.nullable(), verbs: names }),
  // What is unwise about the table, or was chosen against better advice.
  warnings: names,
  // Those that the contract names and that are not set.
  variables: names,
  operators: z.string().nullable(),
  git_ignore: names,
  next: names,
  first_call: envelope().nullable(),
  // As doctor gives them; null where it was not asked.
  findings: LEDGER_DOCUMENTS.doctor.shape.findings.nullable(),
})

const recipe = z.strictObject({
  name: z.string(),
  engine: z.enum(['postgres', 'mysql', 'sqlite']),
  table: z.string(),
  capabilities: names,
  visible_columns: names,
  allowed_columns: names,
  limits: names,
  role: z.string().nullable(),
})

/** What the commands that write a contract print with `--json`. */
export const ONBOARDING_DOCUMENTS = {
  init: onboarded,
  start: onboarded,
  'recipes list': z.strictObject({ items: z.array(recipe) }),
  'recipes show': recipe.extend({ sql: z.string().nullable() }),
  'recipes init': z.strictObject({ folder: z.string(), files: names.min(1), capabilities: names, next: names }),
} satisfies Readonly<Record<string, z.ZodType>>
