import * as z from 'zod'
import { envelopeError } from '../../protocol/envelope.js'

const count = z.int().min(0)

const verification = z.strictObject({
  ok: z.boolean(),
  entries: count,
  problems: z.array(
    z.strictObject({
      seq: count,
      code: z.enum(['HASH', 'PAYLOAD', 'LINK', 'GAP', 'PROJECTION', 'EVIDENCE']),
      message: z.string(),
    }),
  ),
})

const stats = z.strictObject({
  location: z.string(),
  schema_version: count,
  entries: count,
  proposals: count,
  runs: count,
  evidence: count,
  bytes: count,
})

const pruned = z.strictObject({
  proposals: count,
  runs: count,
  entries: count,
  evidence: count,
  refusals: count,
  dry_run: z.boolean(),
})

const migration = z.strictObject({ source: z.string(), kind: z.enum(['receipts', 'grants']), sql: z.string() })

const finding = z.strictObject({
  name: z.string(),
  severity: z.enum(['ok', 'warning', 'error']),
  code: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  source: z.string().exactOptional(),
  message: z.string(),
  next: z.string().exactOptional(),
  mend: z.string().exactOptional(),
})

/** What the commands around the ledger, the receipts tables and the set-up print with `--json`. */
export const LEDGER_DOCUMENTS = {
  'ledger verify': verification,
  'ledger stats': stats,
  'ledger backup': z.strictObject({ file: z.string() }),
  'ledger migrate': stats,
  'ledger prune': pruned,
  'ledger vacuum': z.strictObject({ bytes_before: count, bytes: count }),
  'migrations print': z.strictObject({ items: z.array(migration) }),
  'migrations status': z.strictObject({
    items: z.array(z.strictObject({ source: z.string(), ok: z.boolean(), code: z.string().exactOptional() })),
  }),
  'migrations apply': z.strictObject({
    items: z.array(z.strictObject({ source: z.string(), ok: z.boolean(), error: envelopeError().exactOptional() })),
  }),
  doctor: z.strictObject({ findings: z.array(finding) }),
} satisfies Readonly<Record<string, z.ZodType>>
