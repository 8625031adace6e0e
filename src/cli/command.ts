import type { ParsedConfig, Runner } from '../index.js'
import type { Io } from './io.js'
import type { OptionSpecs, OptionValues } from './options.js'
import type { Paint } from './text/paint.js'

/** What a person's answer is rendered for. */
export interface View {
  readonly columns: number
  readonly paint: Paint
  readonly now: Date
}

/** The answer of a command: a document for machines, and how people see it. */
export interface Output {
  /** Printed as it is with `--json`. */
  readonly document: unknown
  /** Printed otherwise, with a line break behind it. */
  readonly render: (view: View) => string
  /**
   * 1 where the command did what it was asked and the answer is a bad one; 3 where a person should look at it. Default 0.
   */
  readonly exit_code?: 0 | 1 | 3
}

export interface ArgumentSpec {
  readonly name: string
  readonly summary: string
  readonly optional?: boolean
  /** Takes all that follows. */
  readonly many?: boolean
}

/** One call of a command. */
export interface Call<Specs extends OptionSpecs = OptionSpecs> {
  /** By the name of the argument; several of them only where it takes many. */
  readonly args: Readonly<Record<string, string | undefined>>
  readonly rest: readonly string[]
  readonly options: OptionValues<Specs>
  /** Whether one JSON document is asked for. */
  readonly json: boolean
  /** The contract, by `--config`; of the runner, where `--runner` was given. */
  contract(): Promise<ParsedConfig>
  /** The runner, by `--config` or `--runner`. Opened once, closed when the command ends. */
  runner(): Promise<Runner>
  /** Absolute path of the contract, `undefined` where `--runner` was given. */
  readonly config_path: string | undefined
  /** Who decides: `--as`, else `SYNAPSOR_OPERATOR`. */
  readonly operator: string | undefined
}

/** What a command is opened with. `runner` brings `--config`, `--runner` and `--store`. */
type Needs = 'runner' | 'nothing'

/** A command: what it is called, what it says of itself, and what it does. */
export interface CommandSpec<Specs extends OptionSpecs = OptionSpecs> {
  /** As it is written: `proposals list`. */
  readonly name: string
  /** Other whole spellings of it. */
  readonly aliases?: readonly string[]
  readonly summary: string
  /** Further sentences of its help. */
  readonly details?: string
  readonly args?: readonly ArgumentSpec[]
  readonly options?: Specs
  readonly needs: Needs
  /** Adds `--as`. */
  readonly decides?: boolean
  /** Runs until it is told to stop: waits longer for a ledger that others use than a person at a terminal would. */
  readonly serves?: boolean
  /** Of its group: `replay X` is `replay show X`. */
  readonly is_default?: boolean
  /** Hidden, and whatever is given with it is not looked at. */
  readonly is_later?: boolean
  /** Whole lines to type, at least one. */
  readonly examples: readonly [string, ...string[]]
  /** `undefined` where the command has written what it had to say by itself. */
  run(call: Call<Specs>, io: Io): Promise<Output | undefined>
}

/** A command whose options are typed by its own specification, as one of many. */
export function defineCommand<const Specs extends OptionSpecs>(spec: CommandSpec<Specs>): CommandSpec {
  // Each command gets the values of its own options: the program reads them from this same specification.
  return spec as unknown as CommandSpec
}
