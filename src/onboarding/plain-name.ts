import { isIdentifier } from '../contract/names.js'

/** Why a contract cannot hold a name; `undefined` where it can. */
export function nameTrouble(name: string): 'NAME_TOO_LONG' | 'NAME_NOT_PLAIN' | undefined {
  if (isIdentifier(name)) return undefined
  return /^[A-Za-z_]\w*$/.test(name) && name !== '__proto__' ? 'NAME_TOO_LONG' : 'NAME_NOT_PLAIN'
}

export function isPlainName(name: string): boolean {
  return nameTrouble(name) === undefined
}
