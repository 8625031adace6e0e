import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { validateConfig } from '../../../src/contract/validate.js'

export const parcelDeskFile = fileURLToPath(new URL('../../fixtures/contracts/parcel-desk.json', import.meta.url))

/** A fresh copy of a valid contract: reads, a list, direct SQL and an app-owned executor. */
export function parcelDesk(): object {
  return JSON.parse(readFileSync(parcelDeskFile, 'utf8'))
}

/** Sets the value at `path`, whatever its type. */
export function set(config: object, path: string, value: unknown): void {
  const keys = path.split('/')
  const last = keys.pop() ?? ''
  let parent: object = config
  for (const key of keys) {
    const next: unknown = Reflect.get(parent, key)
    if (typeof next !== 'object' || next === null) throw new Error(`The test spoils a part that is not there: ${path}`)
    parent = next
  }
  if (value === undefined) Reflect.deleteProperty(parent, last)
  else Reflect.set(parent, last, value)
}

/** The contract with some values changed; `undefined` removes a key. */
export function changed(changes: Record<string, unknown>): object {
  const config = parcelDesk()
  for (const [path, value] of Object.entries(changes)) set(config, path, value)
  return config
}

/** `CODE path` of every error, then of every warning. */
export function found(config: unknown): { errors: string[]; warnings: string[] } {
  const { errors, warnings } = validateConfig(config)
  return {
    errors: errors.map(({ code, path }) => `${code} ${path}`),
    warnings: warnings.map(({ code, path }) => `${code} ${path}`),
  }
}
