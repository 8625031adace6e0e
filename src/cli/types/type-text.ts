import type { JsonScalar } from '../../index.js'
import { escapeInJson } from '../text/json.js'

/** A member of an object type, `undefined` where there is none. */
export type Member = readonly [name: string, type: string | undefined]

/** The type of exactly this value. */
export function scalarType(value: JsonScalar): string {
  return escapeInJson(JSON.stringify(value))
}

/** An object type, one member a line. Those without a type are left out. */
export function objectType(members: readonly Member[]): string {
  const present = presentOf(members)
  return present.length === 0 ? '{}' : block('{', present, '}')
}

/** The same on one line. */
export function lineType(members: readonly Member[]): string {
  return `{ ${presentOf(members).join('; ')} }`
}

function presentOf(members: readonly Member[]): readonly string[] {
  return members.flatMap(([name, type]) => (type === undefined ? [] : [`readonly ${memberName(name)}: ${type}`]))
}

/** A tuple type, one element a line. */
export function tupleType(elements: readonly string[]): string {
  return elements.length === 0
    ? 'readonly []'
    : `readonly ${block(
        '[',
        elements.map((each) => `${each},`),
        ']',
      )}`
}

/** A tuple type of values, on one line. */
export function valuesType(values: readonly JsonScalar[]): string {
  return `readonly [${values.map(scalarType).join(', ')}]`
}

function memberName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : scalarType(name)
}

function block(open: string, lines: readonly string[], close: string): string {
  return [open, ...lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`), close].join('\n')
}
