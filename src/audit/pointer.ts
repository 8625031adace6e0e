import { isRecord } from './json.js'

/** What a JSON Pointer names within a document, `undefined` where there is nothing. */
export function pointed(document: unknown, pointer: string): unknown {
  let at = document
  for (const key of pointer.split('/').slice(1)) {
    const name = decoded(key).replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(at)) at = at[Number(name)]
    else if (isRecord(at) && Object.hasOwn(at, name)) at = at[name]
    else return undefined
  }
  return at
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}
