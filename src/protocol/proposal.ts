import * as z from 'zod'
import { type Digest, digest } from './canonical.js'
import { once } from './once.js'
import type { DeepReadonly } from './readonly.js'
import {
  digestString,
  identifier,
  type JsonScalar,
  jsonScalar,
  timestamp,
  toJson,
  typedRow,
  typedText,
} from './values.js'

const contextProvider = once(() => z.enum(['session', 'environment', 'static_dev', 'http_claims', 'cloud_session']))

/** Facts supplied by the host, never by the model. */
export const contextV2 = once(() =>
  z.strictObject({
    tenant_id: z.string().min(1),
    principal: z.string().min(1),
    on_behalf_of: z.string().min(1).exactOptional(),
    provenance: contextProvider(),
  }),
)
export type Context = DeepReadonly<z.infer<ReturnType<typeof contextV2>>>

const columnText = once(() => z.strictObject({ column: identifier(), value: typedText() }))

/** What must still be true of the row when the change is applied. */
const conflictGuard = once(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('column'),
      column: identifier(),
      expected_value: typedText(),
      advance: z.enum(['timestamp', 'integer', 'database']),
    }),
    z.strictObject({ kind: z.literal('row'), reviewed: typedRow() }),
  ]),
)

/**
 * A proposal, frozen: everything that a decision rests on and that apply may do. It is never changed; its digest is
 * what people approve. Closed: an unknown key is refused.
 */
export const proposalV2 = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.proposal.v2'),
    proposal_id: z.string().regex(/^wrp_[A-Za-z0-9_-]+$/),
    proposal_version: z.int().min(1),
    mode: z.enum(['shadow', 'review']),
    capability: z.string(),
    capability_digest: digestString(),
    context: contextV2(),
    source: z.strictObject({ name: z.string().min(1), engine: z.enum(['postgres', 'mysql', 'sqlite']) }),
    operation: z.literal('update'),
    target: z.strictObject({
      type: z.string(),
      schema: identifier().exactOptional(),
      table: identifier(),
      primary_key: columnText(),
      tenant_guard: columnText().nullable(),
    }),
    arguments_digest: digestString(),
    before: typedRow(),
    patch: z.record(identifier(), jsonScalar()),
    after: typedRow(),
    allowed_columns: z.array(identifier()),
    conflict_guard: conflictGuard(),
    schema_fingerprint: digestString(),
    executor: z.strictObject({ type: z.string(), name: z.string().nullable() }),
    approval: z.strictObject({
      mode: z.enum(['human', 'operator', 'policy']),
      required_role: z.string().nullable(),
      required_approvals: z.int().min(1).max(10),
      separation_of_duties: z.boolean(),
    }),
    evidence: z.strictObject({ bundle_id: z.string(), digest: digestString(), query_fingerprint: digestString() }),
    idempotency_key: z.string().min(1),
    supersedes: z.string().nullable(),
    run_id: z.string().nullable(),
    step_key: z.string().nullable(),
    created_at: timestamp(),
    expires_at: timestamp(),
  }),
)

/** The closed, immutable `synapsor.proposal.v2`. */
export type FrozenProposal = DeepReadonly<z.infer<ReturnType<typeof proposalV2>>>

/** The digest that an approval binds to. */
export function proposalHash(frozen: FrozenProposal): Digest {
  return digest('synapsor.proposal.v2', frozen)
}

/** What the change leaves. A field of the app's own, which is no column of the row, is as it was asked for. */
export function afterToJson({ before, patch, after }: Pick<FrozenProposal, 'before' | 'patch' | 'after'>) {
  return Object.fromEntries(
    Object.entries(after).map(([column, value]): [string, JsonScalar] => [
      column,
      Object.hasOwn(before, column) ? toJson(value) : (patch[column] ?? null),
    ]),
  )
}

/** Names one row of one tenant, whoever proposes on it. */
export function objectKey(frozen: Pick<FrozenProposal, 'source' | 'target' | 'context'>): Digest {
  const { schema = null, table, primary_key, tenant_guard } = frozen.target
  const tenant = tenant_guard?.value.text ?? frozen.context.tenant_id
  return rowKey({ source: frozen.source.name, schema, table, tenant, key: primary_key.value.text })
}

/** As {@link objectKey}, before there is a proposal. */
export function rowKey({ source, schema, table, tenant, key }: RowPlace): Digest {
  return digest('synapsor.object.v1', [source, schema, table, tenant, key])
}

interface RowPlace {
  readonly source: string
  readonly schema: string | null
  readonly table: string
  readonly tenant: string
  readonly key: string | null
}

/** Equal for two requests of one person for the same change of the same row version, under the same capability. */
export function proposalIdentity(frozen: FrozenProposal, object = objectKey(frozen)): Digest {
  return digest('synapsor.identity.v1', {
    capability_digest: frozen.capability_digest,
    context: frozen.context,
    object,
    before: frozen.before,
    after: frozen.after,
    patch: frozen.patch,
    conflict_guard: frozen.conflict_guard,
    run_id: frozen.run_id,
    step_key: frozen.step_key,
  })
}
