import type { Node } from 'jsonc-parser'
import type { ContractProblem } from './problems.js'

interface Position {
  readonly line: number
  readonly column: number
}

/** Finds line and column, from 1, of an offset. */
export function positionsIn(text: string): (offset: number) => Position {
  const starts = [0]
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

function keysOf(pointer: string): string[] {
  if (pointer === '/') return []
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function child(node: Node, key: string): { readonly at: number; readonly value: Node } | undefined {
  if (node.type === 'array') {
    const value = node.children?.[Number(key)]
    return value === undefined ? undefined : { at: value.offset, value }
  }
  const property = node.children?.find((one) => one.children?.[0]?.value === key)
  const value = property?.children?.[1]
  return property === undefined || value === undefined ? undefined : { at: property.offset, value }
}

/** Where in the text the key of a pointer stands; where it is missing, the object that lacks it. */
export function offsetOf(root: Node, pointer: string): number {
  let node = root
  let at = root.offset
  for (const key of keysOf(pointer)) {
    const next = child(node, key)
    if (next === undefined) return at
    node = next.value
    at = next.at
  }
  return at
}

/** Adds line and column to problems. */
export function withPositions(problems: readonly ContractProblem[], root: Node, text: string): ContractProblem[] {
  const positionOf = positionsIn(text)
  return problems.map((one) => (one.line === undefined ? { ...one, ...positionOf(offsetOf(root, one.path)) } : one))
}
