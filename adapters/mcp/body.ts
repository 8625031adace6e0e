import { isUtf8 } from 'node:buffer'
import type { ByteSource } from './arrival.js'

/** What came of reading a body. */
export type Body = { readonly text: string } | { readonly problem: 'too_large' | 'too_slow' | 'not_utf8' | 'broken' }

/**
 * Reads a body that may be as large, and take as long, as it is told. What is over is not read.
 *
 * @param most - In bytes.
 */
export async function readBody(source: ByteSource | undefined, most: number, ms: number): Promise<Body> {
  if (source === undefined) return { text: '' }
  return new Promise<Body>((resolve) => {
    const parts: Uint8Array[] = []
    let length = 0
    let isOver = false
    let stop: () => void = () => undefined
    const settle = (body: Body) => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      stop()
      resolve(body)
    }
    const timer = setTimeout(settle, ms, { problem: 'too_slow' } satisfies Body)
    stop = source({
      chunk: (bytes) => {
        if (isOver) return
        length += bytes.length
        if (length > most) settle({ problem: 'too_large' })
        else parts.push(bytes)
      },
      end: () => settle(decode(parts)),
      fail: () => settle({ problem: 'broken' }),
    })
    if (isOver) stop()
  })
}

function decode(parts: readonly Uint8Array[]): Body {
  const bytes = Buffer.concat(parts)
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { problem: 'not_utf8' }
}
