import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Certificate } from './certificate.js'

/** A server that begins as a database does, up to TLS, and keeps whatever a client tells it after that. */
export interface Impostor {
  readonly port: number
  /** What was said to it inside TLS. */
  readonly heard: readonly Buffer[]
  close(): Promise<void>
}

export async function openImpostor(engine: 'postgres' | 'mysql', { cert, key }: Certificate): Promise<Impostor> {
  const heard: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    if (engine === 'mysql') socket.write(GREETING)
    socket.once('data', (request: Buffer) => {
      socket.pause()
      // A client of MySQL does not wait for an answer before it begins with TLS.
      const hello = request.subarray(REQUEST_BYTES[engine])
      if (hello.length > 0) socket.unshift(hello)
      if (engine === 'postgres') socket.write('S')
      const secure = new TLSSocket(socket, { isServer: true, cert, key })
      secure.on('error', () => undefined)
      secure.on('data', (chunk) => heard.push(chunk))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    heard,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** How long the request for TLS is. */
const REQUEST_BYTES = { postgres: 8, mysql: 36 } as const

/** The first packet of a MySQL server that can do TLS. */
const GREETING = packet(
  Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.0\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('12345678\0'),
    Buffer.from([0xff, 0xff, 45, 2, 0, 0xff, 0xdf, 21]),
    Buffer.alloc(10),
    Buffer.from('123456789012\0'),
    Buffer.from('caching_sha2_password\0'),
  ]),
)

function packet(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([content.length & 0xff, content.length >> 8, 0, 0]), content])
}
