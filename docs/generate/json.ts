const WIDTH = 100

/** Lays out JSON for people: keys in their order, and on one line what fits there, but for the outermost. */
export function layOut(value: unknown): string {
  return openUp(JSON.parse(JSON.stringify(value)), '')
}

function openUp(value: unknown, indent: string): string {
  const inner = `${indent}  `
  if (Array.isArray(value)) return `[\n${value.map((item) => `${inner}${place(item, inner)}`).join(',\n')}\n${indent}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const lines = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `
    return `${inner}${name}${place(item, inner, name.length)}`
  })
  return `{\n${lines.join(',\n')}\n${indent}}`
}

function place(value: unknown, indent: string, taken = 0): string {
  const line = onOneLine(value)
  return indent.length + taken + line.length < WIDTH ? line : openUp(value, indent)
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const items = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`)
  return items.length === 0 ? '{}' : `{ ${items.join(', ')} }`
}
