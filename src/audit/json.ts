/** True for an object of JSON that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text under a key, empty where there is none. */
export function textAt(value: Readonly<Record<string, unknown>>, key: string): string {
  const found = value[key]
  return typeof found === 'string' ? found : ''
}
