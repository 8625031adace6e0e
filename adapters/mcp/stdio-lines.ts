import { TextDecoder } from 'node:util'

const LINE_FEED = 0x0a

/** What a line turned out to be: its text, or the reason why it has none. */
export type Line = { readonly text: string } | { readonly problem: 'too_long' | 'not_utf8' }

/**
 * Cuts a stream of bytes into lines. Of a line that is too long only that is kept, and the rest of it is skipped; what
 * follows the last line feed is no line.
 *
 * @param most - How many bytes a line may have.
 */
export function createLineReader(most: number, take: (line: Line) => void): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let parts: Uint8Array[] = []
  let length = 0
  let isSkipping = false

  const keep = (part: Uint8Array) => {
    if (isSkipping || part.length === 0) return
    length += part.length
    if (length <= most) {
      parts.push(part)
      return
    }
    isSkipping = true
    parts = []
    take({ problem: 'too_long' })
  }
  const end = () => {
    const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts)
    const isLine = !isSkipping && length > 0
    parts = []
    length = 0
    isSkipping = false
    if (isLine && bytes !== undefined) take(decode(decoder, bytes))
  }

  return (chunk) => {
    let start = 0
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, at))
      end()
      start = at + 1
    }
    keep(chunk.subarray(start))
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array): Line {
  try {
    return { text: decoder.decode(bytes) }
  } catch {
    return { problem: 'not_utf8' }
  }
}
