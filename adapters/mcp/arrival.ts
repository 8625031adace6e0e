/** A request and its reply, whatever server they come from and go to. */

/** A request whose body was not read yet. */
export interface Arrival {
  readonly method: string
  /** The path of its address, without the query. */
  readonly path: string
  /** A header by its name in lower case. */
  header(name: string): string | undefined
  /** All headers, for the host: without those that carry credentials. May be asked when the request is over. */
  readonly headers: () => Readonly<Record<string, string | string[] | undefined>>
  readonly url: () => URL | undefined
  readonly body: ByteSource | undefined
  /** The same without its body, for an `authenticate` of the host. */
  readonly toRequest: () => Request
}

/** Begins to hand out bytes as they come, once. What it gives ends that, and is safe to call twice. */
export type ByteSource = (taker: ByteTaker) => () => void

/** Takes bytes, and then one of the other two. */
export interface ByteTaker {
  chunk(bytes: Uint8Array): void
  end(): void
  fail(): void
}

/** Where a stream of events is written to. */
export interface EventSink {
  write(text: string): void
  end(): void
  /** How much waits to be read, in bytes or thereabouts. */
  waiting(): number
}

/** A stream of events. It is opened once; what `open` gives is called when the client has gone. */
export interface EventStream {
  readonly open: (sink: EventSink) => () => void
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly stream?: EventStream
  /** Nobody was let in: the connection takes no further request. */
  readonly isLast?: boolean
  /** To be called when a reply without a stream has left, or its client is gone. Safe to call twice. */
  readonly left?: () => void
}

/** Headers that say who calls. They are for the gate alone. */
export const CREDENTIALS: readonly string[] = ['authorization', 'proxy-authorization', 'cookie']
