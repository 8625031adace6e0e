import { cpus } from 'node:os'
import type { Measurement, Unit } from './figure.js'

/** What a run has measured, and where. */
export interface Report {
  readonly node: string
  readonly cpu: string
  readonly figures: readonly ReportedFigure[]
}

/** `ours_ms` and `reference_ms` are megabytes or tokens where `unit` says so. */
interface ReportedFigure {
  readonly name: string
  readonly engine: string
  readonly ours_ms: number
  readonly reference_ms: number
  readonly ratio: number
  /** Absent, with `met`, where the figure has no goal. */
  readonly goal?: number
  readonly met?: boolean
  readonly unit: Unit
  readonly note: string
}

export function buildReport(measurements: readonly Measurement[]): Report {
  const processors = cpus()
  return {
    node: process.version,
    cpu: `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}`,
    figures: measurements.map(toFigure),
  }
}

function toFigure({ name, engine, ours, reference, goal, unit, note }: Measurement): ReportedFigure {
  const ratio = round(ours / reference, 2)
  const [ours_ms, reference_ms] = [round(ours, 4), round(reference, 4)]
  const judged = goal === undefined ? {} : { goal, met: ratio <= goal }
  return { name, engine, ours_ms, reference_ms, ratio, ...judged, unit, note }
}

export function renderTable({ node, cpu, figures }: Report): string {
  const head = ['figure', 'engine', 'ours', 'reference', 'ratio', 'goal', 'met', 'measured over']
  const rows = figures.map(({ name, engine, ours_ms, reference_ms, ratio, goal, met, unit, note }) => [
    name,
    engine,
    amount(ours_ms, unit),
    amount(reference_ms, unit),
    ratio.toFixed(2),
    goal === undefined ? '-' : `<= ${goal}`,
    met === undefined ? '-' : met ? 'yes' : 'no',
    note,
  ])
  const lines = aligned([head, ...rows])
  return [`Node.js ${node}, ${cpu}`, '', lines[0], ruler(lines[0] ?? ''), ...lines.slice(1)].join('\n')
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function ruler(line: string): string {
  return '-'.repeat(line.length)
}

const DIGITS: Readonly<Record<Unit, number>> = { ms: 3, MB: 1, tokens: 0 }

function amount(value: number, unit: Unit): string {
  return `${value.toFixed(DIGITS[unit])} ${unit}`
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
