/** A body that is no larger than it may be, whatever its sender says of it. */

export type Body = { readonly bytes: Uint8Array; readonly text: string } | 'too_large' | 'not_utf8' | 'broken'

/** Reads a body and counts as it comes; what is over is not read. */
export async function readBody(request: Request, most: number): Promise<Body> {
  if (Number(request.headers.get('content-length') ?? 0) > most) return 'too_large'
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength
      // To leave the loop cancels the stream.
      if (size > most) return 'too_large'
      chunks.push(chunk)
    }
  } catch {
    return 'broken'
  }
  return decode(Buffer.concat(chunks))
}

/** Bytes that are no text would become other text. */
export function decode(bytes: Uint8Array): Exclude<Body, 'too_large' | 'broken'> {
  try {
    return { bytes, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return 'not_utf8'
  }
}
