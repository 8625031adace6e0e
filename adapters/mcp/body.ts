import { TextDecoder } from 'node:util'

/** What came of reading a body. */
export type Body = { readonly text: string } | { readonly problem: 'too_large' | 'too_slow' | 'not_utf8' | 'broken' }

/**
 * Reads a body that may be as large, and take as long, as it is told. What is over is not read.
 *
 * @param most - In bytes.
 */
export async function readBody(chunks: AsyncIterable<Uint8Array> | undefined, most: number, ms: number): Promise<Body> {
  if (chunks === undefined) return { text: '' }
  const iterator = chunks[Symbol.asyncIterator]()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Body>((resolve) => {
    timer = setTimeout(resolve, ms, { problem: 'too_slow' })
  })
  try {
    const body = await Promise.race([collect(iterator, most), late])
    // Nobody waits for what is on its way: the iterator of a slow client ends when its connection does.
    if ('problem' in body) iterator.return?.()?.then(undefined, () => undefined)
    return body
  } catch {
    return { problem: 'broken' }
  } finally {
    clearTimeout(timer)
  }
}

async function collect(chunks: AsyncIterator<Uint8Array>, most: number): Promise<Body> {
  const parts: Uint8Array[] = []
  let length = 0
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    length += next.value.length
    if (length > most) return { problem: 'too_large' }
    parts.push(next.value)
  }
  return decode(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts))
}

function decode(bytes: Uint8Array): Body {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { problem: 'not_utf8' }
  }
}
