import { Decimal } from 'decimal.js'
import type { Node } from 'jsonc-parser'
import { positionsIn } from './positions.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { shown } from './suggest.js'

/** What a syntax tree says, and what plain `JSON.parse` would have lost in silence. */
export interface JsonValue {
  readonly value: unknown
  readonly problems: readonly ContractProblem[]
}

/** Whether a double holds a number just as it is written. */
export function isExact(written: string, value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && new Decimal(written).eq(new Decimal(String(value)))
}

/** Turns a syntax tree into a value. A key that stands twice counts once, the first time, and is a problem. */
export function toJsonValue(root: Node, text: string): JsonValue {
  const positionOf = positionsIn(text)
  const problems: ContractProblem[] = []

  function convert(node: Node, path: Path): unknown {
    if (node.type === 'array') return (node.children ?? []).map((item, index) => convert(item, [...path, index]))
    if (node.type === 'object') return convertObject(node, path)
    if (node.type === 'number' && !isExact(text.slice(node.offset, node.offset + node.length), node.value)) {
      const message = 'Write a number that a double holds exactly: at most 15 significant digits.'
      problems.push({ ...problem('INEXACT_NUMBER', path, message), ...positionOf(node.offset) })
    }
    return node.value
  }

  function convertObject(node: Node, path: Path): unknown {
    const entries = new Map<string, unknown>()
    for (const { offset, children } of node.children ?? []) {
      const [name, inner] = children ?? []
      if (name === undefined || inner === undefined) continue
      const key = String(name.value)
      const at = [...path, key]
      if (!entries.has(key)) {
        entries.set(key, convert(inner, at))
        continue
      }
      const message = `Keep one \`${shown(key)}\`: it stands twice in this object.`
      problems.push({ ...problem('DUPLICATE_KEY', at, message), ...positionOf(offset) })
    }
    // Own properties always, even one that is called __proto__.
    return Object.fromEntries(entries)
  }

  return { value: convert(root, []), problems }
}
