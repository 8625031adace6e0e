import type { Databases } from '../test/databases/index.js'
import type { Library } from './build.js'
import type { Comparison } from './measure.js'

/** What is measured: time, memory, or how much a model reads and writes. */
export type Unit = 'ms' | 'MB' | 'tokens'

/** One line of the report. */
export interface Measurement extends Comparison {
  readonly name: string
  /** The database, or `-` where there is none. */
  readonly engine: string
  /** The largest ratio of ours to the reference that is good enough. Without one the figure is for reading only. */
  readonly goal?: number
  readonly unit: Unit
  /** How many calls stand behind each of the two, or how much was measured otherwise. */
  readonly note: string
}

/** What a figure is measured with. */
export interface Bench {
  readonly library: Library
  /** Fewer calls where they are slow, for a run of a few minutes. */
  readonly quick: boolean
  /** An empty folder that is removed after the run. */
  folder(): string
  /** Both database servers, with commits that wait for the disk. Started when first asked for. */
  databases(): Promise<Databases>
}

/** A figure measures one thing, on one engine or on each. */
export interface Figure {
  readonly name: string
  measure(bench: Bench): Promise<readonly Measurement[]>
}
