import * as z from 'zod'

const holder = {
  /** How the role is reached: names of its own memberships, empty for itself. */
  hops: z.array(z.string()),
  self: z.boolean(),
  role: z.string().nullable(),
}

const granted = z.object({
  ...holder,
  public: z.boolean(),
  schema: z.string(),
  name: z.string(),
  sequence: z.boolean(),
  right: z.string(),
  columns: z.array(z.string()).nullable(),
})

const named = z.object({ ...holder, public: z.boolean(), name: z.string(), owned: z.boolean() })

const beyond = z.object({
  ...holder,
  public: z.boolean(),
  kind: z.string(),
  name: z.string(),
  what: z.string().nullable(),
})

/** Rights beyond tables, as one list. */
export const beyondAnswer = z.array(beyond)

/** The answer to what a role may do. */
export const privilegesAnswer = z.object({
  name: z.string(),
  /** Who else could own what the role owns. */
  trustee: z.string(),
  reads_only: z.boolean(),
  is_cut: z.boolean(),
  roles: z.array(
    z.object({
      ...holder,
      name: z.string(),
      bootstrap: z.boolean(),
      superuser: z.boolean(),
      bypass: z.boolean(),
      create_role: z.boolean(),
      create_database: z.boolean(),
      replication: z.boolean(),
    }),
  ),
  granted: z.array(granted),
  granted_columns: z.array(granted),
  owned: z.array(z.object({ ...holder, schema: z.string(), name: z.string(), kind: z.string() })),
  schemas: z.array(named),
  databases: z.array(named),
  functions: z.array(named),
  beyond: beyondAnswer,
  server: z.object({
    version: z.string(),
    encrypted: z.boolean(),
    pid: z.number(),
    clock_ms: z.number(),
    replica: z.boolean(),
  }),
})

export type PrivilegesAnswer = z.infer<typeof privilegesAnswer>
export type Granted = z.infer<typeof granted>
export type NamedGrant = z.infer<typeof named>
export type BeyondGrant = z.infer<typeof beyond>
