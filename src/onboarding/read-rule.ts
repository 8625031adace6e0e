/** Reads one comparison of a column with values that are written out. */
import { Decimal } from 'decimal.js'
import type { SurveyedColumn } from '../drivers/survey.js'
import type { Allowed, AllowedColumns } from './allowed.js'
import type { Part } from './constraint-parts.js'
import type { CheckedColumns } from './constraint-reader.js'
import {
  type ColumnOperand,
  isGroup,
  type Literal,
  listOf,
  readArray,
  readColumn,
  readLiteral,
} from './read-operand.js'

const NOTHING: AllowedColumns = new Map()

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' }

/** Nothing where it is of any other form. */
export function readRule(parts: readonly Part[], columns: CheckedColumns): AllowedColumns {
  for (const [place, part] of parts.entries()) {
    const [left, right] = [parts.slice(0, place), parts.slice(place + 1)]
    const word = part.type === 'word' ? part.text.toLowerCase() : undefined
    if (part.type === 'sign' && part.text in MIRRORED) return comparison(part.text, { left, right, columns })
    if (word === 'between') return between({ left, right, columns })
    if (word === 'in') return membership({ left, right, columns }, isGroup(right[0]) && right.length === 1)
    if (word === 'is') return nullity({ left, right, columns })
  }
  return NOTHING
}

interface Sides {
  readonly left: readonly Part[]
  readonly right: readonly Part[]
  readonly columns: CheckedColumns
}

function comparison(sign: string, sides: Sides): AllowedColumns {
  const { left, right, columns } = sides
  const [any] = right
  const isAny = sign === '=' && any?.type === 'word' && any.text.toLowerCase() === 'any'
  if (isAny) return anyOf({ left, right: right.slice(1), columns })
  const mirrored = MIRRORED[sign] ?? sign
  return compared(sign, left, { right, columns }) ?? compared(mirrored, right, { right: left, columns }) ?? NOTHING
}

function compared(
  sign: string,
  left: readonly Part[],
  { right, columns }: Omit<Sides, 'left'>,
): AllowedColumns | undefined {
  const operand = readColumn(left, columns)
  const literal = readLiteral(right)
  if (operand === undefined || literal === undefined) return undefined
  return allow(operand, sign === '=' ? equalTo(operand, [literal]) : bound(operand, sign, literal))
}

function between({ left, right, columns }: Sides): AllowedColumns {
  const operand = readColumn(left, columns)
  const and = right.findIndex((part) => part.type === 'word' && part.text.toLowerCase() === 'and')
  const low = readLiteral(right.slice(0, and))
  const high = readLiteral(right.slice(and + 1))
  if (operand === undefined || and < 0 || low === undefined || high === undefined) return NOTHING
  return allow(operand, { ...bound(operand, '>=', low), ...bound(operand, '<=', high) })
}

function anyOf({ left, right, columns }: Sides): AllowedColumns {
  const [list] = right
  const members = right.length === 1 && isGroup(list) ? readArray(list.parts) : undefined
  return members === undefined ? NOTHING : oneOf(left, members, columns)
}

function membership({ left, right, columns }: Sides, isList: boolean): AllowedColumns {
  const [list] = right
  return isList && isGroup(list) ? oneOf(left, listOf(list.parts), columns) : NOTHING
}

/** A list with NULL in it lets everything through, and NULL is no literal here. */
function oneOf(left: readonly Part[], members: readonly (readonly Part[])[], columns: CheckedColumns): AllowedColumns {
  const operand = readColumn(left, columns)
  const literals = members.map(readLiteral)
  if (operand === undefined || !literals.every((each) => each !== undefined)) return NOTHING
  return allow(operand, equalTo(operand, literals))
}

function nullity({ left, right, columns }: Sides): AllowedColumns {
  const operand = readColumn(left, columns)
  const [only] = right
  const isNull = right.length === 1 && only?.type === 'word' && only.text.toLowerCase() === 'null'
  return operand?.is_length === false && isNull ? allow(operand, { is_null: true }) : NOTHING
}

function allow({ column }: ColumnOperand, allowed: Allowed): AllowedColumns {
  return Object.keys(allowed).length === 0 ? NOTHING : new Map([[column.name, allowed]])
}

function equalTo({ column, is_length }: ColumnOperand, literals: readonly Literal[]): Allowed {
  if (is_length) return {}
  if (column.kind === 'text' || column.kind === 'enum') {
    return literals.every(({ type }) => type === 'string') ? { values: literals.map(({ text }) => text) } : {}
  }
  const numbers = literals.map(numberOf)
  if (!isNumber(column) || !numbers.every((each) => each !== undefined)) return {}
  const [minimum, maximum] = [Decimal.min(...numbers), Decimal.max(...numbers)]
  return { values: numbers.map((each) => each.toFixed()), minimum: minimum.toFixed(), maximum: maximum.toFixed() }
}

function bound({ column, is_length }: ColumnOperand, sign: string, literal: Literal): Allowed {
  const number = numberOf(literal)
  if (number === undefined) return {}
  if (is_length) return lengthBound(sign, number)
  if (!isNumber(column)) return {}
  const isWhole = column.kind === 'integer'
  if (sign === '>=' || sign === '>') return { minimum: (isWhole ? lowest(number, sign === '>') : number).toFixed() }
  return { maximum: (isWhole ? highest(number, sign === '<') : number).toFixed() }
}

function lengthBound(sign: string, number: Decimal): Allowed {
  if (sign !== '<' && sign !== '<=') return {}
  const longest = highest(number, sign === '<')
  return longest.gte(0) && longest.lte(Number.MAX_SAFE_INTEGER) ? { max_length: longest.toNumber() } : {}
}

function lowest(number: Decimal, isStrict: boolean): Decimal {
  return isStrict ? number.floor().plus(1) : number.ceil()
}

function highest(number: Decimal, isStrict: boolean): Decimal {
  return isStrict ? number.ceil().minus(1) : number.floor()
}

function isNumber({ kind }: SurveyedColumn): boolean {
  return kind === 'integer' || kind === 'decimal' || kind === 'float'
}

/** More digits than arithmetic keeps exactly are not read. */
const MOST_DIGITS = 18

function numberOf({ text }: Literal): Decimal | undefined {
  const isPlain = /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, '').length <= MOST_DIGITS
  return isPlain ? new Decimal(text) : undefined
}
