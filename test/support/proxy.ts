import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What a proxy does to a connection once `after` bytes went through it, both directions together. */
export interface Disturbance {
  /**
   * `cut`: both ends are reset. `mute`: the server still hears the client, the client nothing any more, and is reset a
   * moment later. `hole`: nothing arrives anywhere, and nobody is told.
   */
  readonly kind: 'cut' | 'mute' | 'hole'
  readonly after: number
}

/** A TCP proxy before a database server, which passes bytes on until it is told to be a bad network. */
export interface TcpProxy {
  readonly port: number
  /** The same address, through the proxy. */
  through(url: string): string
  /** Counts anew and waits for the moment; `undefined` heals the network for connections to come. */
  disturb(disturbance: Disturbance | undefined): void
  /** Bytes that went through since the last {@link disturb}. */
  readonly passed: number
  /** Resets every connection at once. */
  cutAll(): void
  close(): Promise<void>
}

/** How long a muted client waits in vain before it is reset. */
const MUTE_MS = 15

/** Opens a proxy to the server of `url`. */
export async function openProxy(url: string): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(url)
  const sockets = new Set<Socket>()
  let disturbance: Disturbance | undefined
  let struck = false
  let passed = 0

  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }

  /** How much of a chunk may still pass; strikes when the moment has come. */
  const admit = (chunk: Buffer): Buffer => {
    if (disturbance === undefined || struck) return chunk
    const left = disturbance.after - passed
    if (left >= chunk.length) return chunk
    struck = true
    return chunk.subarray(0, Math.max(0, left))
  }

  const server = createServer((client) => {
    const upstream = connect(Number(targetPort), hostname)
    for (const socket of [client, upstream]) keep(socket)
    const reset = (): void => {
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }

    const pass = (from: Socket, to: Socket, isAnswer: boolean): void => {
      from.on('data', (chunk: Buffer) => {
        const wasStruck = struck
        const kind = disturbance?.kind
        const isLost = wasStruck && (kind === 'hole' || kind === 'cut' || (kind === 'mute' && isAnswer))
        const admitted = isLost ? chunk.subarray(0, 0) : admit(chunk)
        passed += admitted.length
        if (admitted.length > 0) to.write(admitted)
        if (!struck || wasStruck) return
        if (kind === 'cut') setImmediate(reset)
        if (kind === 'mute') {
          if (!isAnswer) to.write(chunk.subarray(admitted.length))
          setTimeout(reset, MUTE_MS)
        }
      })
      from.on('end', () => to.end())
      from.on('close', () => to.destroy())
    }
    pass(client, upstream, false)
    pass(upstream, client, true)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    port,
    through: (address) => {
      const changed = new URL(address)
      changed.host = `127.0.0.1:${port}`
      return changed.href
    },
    disturb: (next) => {
      disturbance = next
      struck = false
      passed = 0
    },
    get passed() {
      return passed
    },
    cutAll: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
