import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** Stands before a PostgreSQL server and refuses startup options, as PgBouncer does unless it is told to ignore them. */
export async function openPooler(url: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const target = new URL(url)
  const server = createServer((client) => {
    client.on('error', () => {})
    client.once('data', (greeting) => {
      if (greeting.includes('options\0')) {
        client.end(refusal())
        return
      }
      const upstream = connect(Number(target.port), target.hostname)
      upstream.on('error', () => client.destroy())
      upstream.write(greeting)
      client.pipe(upstream).pipe(client)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const here = new URL(url)
  here.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: here.href,
    async close() {
      server.close()
      await once(server, 'close')
    },
  }
}

function refusal(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter\0\0')
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
