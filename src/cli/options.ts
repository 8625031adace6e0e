import { InvalidArgumentError } from 'commander'

/** One option of a command: how it is written, what it means, and what its text becomes. */
export interface OptionSpec<Value = unknown> {
  /** As commander writes it: `--limit <n>`. */
  readonly flags: string
  readonly summary: string
  readonly parse?: (text: string) => Value
  /** May be given several times; the values are collected. */
  readonly repeats?: boolean
  readonly choices?: readonly string[]
  /** Spelled so by older scripts. Not in the help. */
  readonly hidden?: boolean
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

/** What a command gets of its options, by their names in its specification. */
export type OptionValues<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends OptionSpec<infer Value> ? Value | undefined : never
}

export function flag(flags: string, summary: string): OptionSpec<boolean> {
  return { flags, summary }
}

export function text(flags: string, summary: string): OptionSpec<string> {
  return { flags, summary }
}

export function texts(flags: string, summary: string): OptionSpec<readonly string[]> {
  return { flags, summary, repeats: true }
}

export function choice<const Value extends string>(
  flags: string,
  summary: string,
  choices: readonly Value[],
): OptionSpec<Value> {
  return { flags, summary, choices }
}

export function integer(
  flags: string,
  summary: string,
  { minimum = 1, maximum = Number.MAX_SAFE_INTEGER } = {},
): OptionSpec<number> {
  const parse = (given: string): number => {
    const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN
    if (value >= minimum && value <= maximum) return value
    throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`)
  }
  return { flags, summary, parse }
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** A stretch of time such as `90d`, in milliseconds. */
export function duration(flags: string, summary: string): OptionSpec<number> {
  const parse = (given: string): number => {
    const [, count = '', unit = ''] = /^(\d{1,6})([mhdw])$/.exec(given) ?? []
    const milliseconds = Number(count) * (UNITS[unit] ?? Number.NaN)
    if (milliseconds > 0) return milliseconds
    throw new InvalidArgumentError('Give a number with m, h, d or w behind it, such as 90d.')
  }
  return { flags, summary, parse }
}

/** Spelled so by older scripts. */
export function hidden<Value>(spec: OptionSpec<Value>): OptionSpec<Value> {
  return { ...spec, hidden: true }
}
