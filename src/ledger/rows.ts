import { RunnerError } from '../errors.js'

/** A row as the database client gives it. Nothing about it is known until one of these readers has looked. */
export type Row = Readonly<Record<string, unknown>>

export function readText(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw unreadable(column)
  return value
}

export function readTextOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : readText(row, column)
}

export function readInteger(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unreadable(column)
  return value
}

/** Parses a stored text. `undefined` when it is not JSON, which no schema accepts. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function unreadable(what: string): RunnerError {
  return new RunnerError('INTEGRITY', `The stored ${what} cannot be read: it is not what was recorded.`)
}
