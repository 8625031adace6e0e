import * as z from 'zod'
import type { TableAssessment } from '../../onboarding/assessment.js'
import { once } from '../../protocol/once.js'
import type { Engine } from '../../protocol/table.js'

/** What `inspect --json` prints and `init --inspection-json` reads. Of the environment it holds the name of a variable. */
export interface Inspection {
  readonly schema_version: 'synapsor.inspection.v1'
  readonly engine: Engine
  /** What the server calls itself. */
  readonly server: string
  /** `null` for a file. */
  readonly database: string | null
  /** The variable that held the URL; `null` for a file. */
  readonly from_env: string | null
  /** The file as it was given; `null` for a server. */
  readonly path: string | null
  /** The one schema that was asked for; `null` for all. */
  readonly schema: string | null
  /** In the order of schema and name. */
  readonly tables: readonly TableAssessment[]
}

const names = z.array(z.string()).readonly()
const count = z.int().min(0)

const column = z.strictObject({
  name: z.string(),
  type: z.string(),
  cast: z.string().exactOptional(),
  kind: z.enum([
    'integer',
    'decimal',
    'float',
    'boolean',
    'text',
    'enum',
    'uuid',
    'timestamp',
    'datetime',
    'date',
    'json',
    'binary',
    'other',
  ]),
  nullable: z.boolean(),
  generated: z.boolean(),
  minimum: z.string().exactOptional(),
  maximum: z.string().exactOptional(),
  precision: count.exactOptional(),
  scale: z.int().exactOptional(),
  max_length: count.exactOptional(),
  max_bytes: count.exactOptional(),
  fraction_digits: count.exactOptional(),
  labels: names.exactOptional(),
  blank_padded: z.boolean().exactOptional(),
  default_text: z.string().nullable(),
  comment: z.string().nullable(),
})

const severity = z.enum(['refuse', 'warn'])

const table = z.strictObject({
  schema: z.string().nullable(),
  table: z.string(),
  kind: z.enum(['table', 'view', 'materialized_view', 'partitioned', 'foreign', 'virtual', 'other']),
  comment: z.string().nullable(),
  columns: z.array(column).readonly(),
  primary_key: names,
  unique_keys: z.array(names).readonly(),
  foreign_keys: z
    .array(
      z.strictObject({
        columns: names,
        references: z.strictObject({ schema: z.string().nullable(), table: z.string(), columns: names }),
      }),
    )
    .readonly(),
  checks: z.array(z.strictObject({ columns: names, expression: z.string() })).readonly(),
  indexes: z.array(names).readonly(),
  triggers: names,
  row_security: z.enum(['none', 'enabled', 'forced']),
  problems: z
    .array(
      z.strictObject({
        severity,
        code: z.enum([
          'NOT_A_TABLE',
          'NO_UNIQUE_KEY',
          'NOT_TRANSACTIONAL',
          'ROW_SECURITY_BYPASSED',
          'NOT_STRICT',
          'NOT_DURABLE',
          'REPLICA',
          'CHARSET',
          'CASCADES',
        ]),
        message: z.string(),
      }),
    )
    .readonly(),
})

const candidate = z.strictObject({ column: z.string(), why: z.string() })

const assessment = z.strictObject({
  table,
  key: z.string().nullable(),
  tenant_keys: z.array(candidate).readonly(),
  version_columns: z
    .array(
      candidate.extend({
        strength: z.enum(['exact', 'coarse']),
        advance: z.enum(['timestamp', 'integer', 'database']),
      }),
    )
    .readonly(),
  columns: z
    .array(
      z.strictObject({
        column: z.string(),
        role: z.enum(['key', 'tenant', 'version', 'data']),
        is_visible: z.boolean(),
        is_writable: z.boolean(),
        is_untrusted: z.boolean(),
        why: z.string().nullable(),
      }),
    )
    .readonly(),
  notes: z
    .array(
      z.strictObject({
        severity,
        code: z.enum([
          'NOT_A_TABLE',
          'NO_UNIQUE_KEY',
          'COMPOSITE_KEY',
          'NO_TENANT_KEY',
          'TENANT_TYPE',
          'TENANT_NOT_INDEXED',
          'NO_VERSION_COLUMN',
          'COARSE_VERSION',
          'NOT_TRANSACTIONAL',
          'ROW_SECURITY',
          'TRIGGERS',
          'CASCADES',
          'GENERATED_COLUMNS',
          'UNTRUSTED_TEXT',
          'SECRET_COLUMNS',
          'NAME_NOT_PLAIN',
          'NAME_TOO_LONG',
          'NOT_DURABLE',
          'CHARSET',
        ]),
        message: z.string(),
        next: z.string(),
      }),
    )
    .readonly(),
})

/** The schema of {@link Inspection}. */
export const inspection = once(
  (): z.ZodType<Inspection> =>
    z.strictObject({
      schema_version: z.literal('synapsor.inspection.v1'),
      engine: z.enum(['postgres', 'mysql', 'sqlite']),
      server: z.string(),
      database: z.string().nullable(),
      from_env: z.string().nullable(),
      path: z.string().nullable(),
      schema: z.string().nullable(),
      tables: z.array(assessment).readonly(),
    }),
)

/** What the commands that look at a database without a contract print with `--json`. */
export const INSPECTION_DOCUMENTS = {
  inspect: inspection(),
} satisfies Readonly<Record<string, z.ZodType>>
