/** What is used of a client of `pg`, and how its answers are read. */
import * as z from 'zod'
import { once } from '../protocol/once.js'

export interface PgQuery {
  readonly text: string
  readonly values: (string | null)[]
  readonly rowMode: 'array'
  readonly types: { readonly getTypeParser: () => (value: unknown) => unknown }
}

/** The methods used of a client of `pg`. */
export interface PgClient {
  query(query: PgQuery): Promise<unknown>
  release(destroy?: boolean): void
  on?(event: 'error', listener: () => void): unknown
  removeListener?(event: 'error', listener: () => void): unknown
}

/** The method used of a pool of `pg`. */
export interface PgPool<Client> {
  connect: {
    (): Promise<Client>
    // A pool has another way to connect, by callback. It is named so that the client's own type is found.
    // biome-ignore lint/suspicious/noConfusingVoidType: what pg itself declares.
    (callback: never): Promise<Client> | void
  }
}

export type PgRow = readonly (string | null)[]

export interface PgResult {
  readonly command: string
  readonly rows: readonly PgRow[]
  readonly count: number
}

/** As the server sent it, whatever parsers the app has. */
const types = { getTypeParser: () => (value: unknown) => value }

const one = once(() =>
  z.object({
    command: z.string().nullable(),
    rowCount: z.number().nullable(),
    rows: z.array(z.array(z.string().nullable())),
  }),
)
const answer = once(() => z.union([one(), z.array(one())]))

/** Runs one statement, or several without values; then the answer is that of the last one. */
export async function ask(client: PgClient, text: string, values: readonly (string | null)[] = []): Promise<PgResult> {
  const given = answer().parse(await client.query({ text, values: [...values], rowMode: 'array', types }))
  const last = Array.isArray(given) ? given.at(-1) : given
  return { command: last?.command ?? '', rows: last?.rows ?? [], count: last?.rowCount ?? 0 }
}
