import { toWireName } from '../../contract/wire-name.js'
import type { JsonScalar, ParsedConfig } from '../../index.js'

type ArgumentType = 'string' | 'number' | 'integer' | 'boolean'

/** A capability or a workflow, as far as a command line needs it to make a call. */
export interface Callable {
  readonly name: string
  readonly kind: 'read' | 'proposal' | 'workflow'
  /** Type of each argument. */
  readonly types: Readonly<Record<string, ArgumentType>>
  readonly sample: Readonly<Record<string, JsonScalar>> | undefined
}

/** Everything that can be called, in the order of the contract. */
export function callablesOf({ capabilities, workflows }: ParsedConfig): readonly Callable[] {
  return [
    ...capabilities.map(({ name, kind, args, examples }) => ({
      name,
      kind,
      types: typesOf(args),
      sample: examples?.[0],
    })),
    ...workflows.map(
      ({ name, input }): Callable => ({
        name,
        kind: 'workflow',
        // Beside its input it takes what a call goes on with.
        types: { ...typesOf(input), run_id: 'string', step: 'string' },
        sample: undefined,
      }),
    ),
  ]
}

/** The one of this canonical or wire name. */
export function findCallable(all: readonly Callable[], name: string): Callable | undefined {
  return all.find((each) => each.name === name) ?? all.find((each) => toWireName(each.name) === name)
}

function typesOf(args: ParsedConfig['capabilities'][number]['args']): Readonly<Record<string, ArgumentType>> {
  return Object.fromEntries(Object.entries(args).map(([name, { type }]) => [name, type]))
}
