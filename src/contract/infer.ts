import type { JsonScalar } from '../protocol/values.js'
import type { Config } from './schema.js'

/** The member of the union `Shape` that `Given` says it is by its tag. By tag, not by shape: comparing shapes is slow. */
type MemberFor<Shape, Given> = Shape extends { readonly kind: infer Tag }
  ? Given extends { readonly kind: Tag }
    ? Shape
    : never
  : Shape extends { readonly engine: infer Tag }
    ? Given extends { readonly engine: Tag }
      ? Shape
      : never
    : Shape extends { readonly provider: infer Tag }
      ? Given extends { readonly provider: Tag }
        ? Shape
        : never
      : Shape extends { readonly type: infer Tag }
        ? Given extends { readonly type: Tag }
          ? Shape
          : never
        : Shape

// A shape without keys of its own is open: it takes any.
type KeyOf<Shape> = Shape extends unknown ? ([keyof Shape] extends [never] ? PropertyKey : keyof Shape) : never
type ValueAt<Shape, Key> = Shape extends unknown
  ? Key extends keyof Shape
    ? Shape[Key]
    : [keyof Shape] extends [never]
      ? unknown
      : never
  : never

/** Keys of `Given`, at any depth, that `Shape` does not know. */
type UnknownKey<Shape, Given> = Given extends readonly (infer GivenItem)[]
  ? Shape extends readonly (infer Item)[]
    ? UnknownKeyOfItem<Item, GivenItem>
    : never
  : Given extends object
    ? {
        [Key in keyof Given]: Key extends KeyOf<Shape>
          ? UnknownKey<MemberFor<NonNullable<ValueAt<Shape, Key>>, Given[Key]>, Given[Key]>
          : Key
      }[keyof Given]
    : never
type UnknownKeyOfItem<Item, Given> = Given extends unknown ? UnknownKey<MemberFor<Item, Given>, Given> : never

/** `Given` with every unknown key turned into `never`, so that the compiler points at that key. */
type Refused<Shape, Given> = Given extends readonly unknown[]
  ? Shape extends readonly (infer Item)[]
    ? { readonly [Index in keyof Given]: Refused<MemberFor<Item, Given[Index]>, Given[Index]> }
    : Given
  : Given extends object
    ? {
        readonly [Key in keyof Given]: Key extends KeyOf<Shape>
          ? Refused<MemberFor<NonNullable<ValueAt<Shape, Key>>, Given[Key]>, Given[Key]>
          : never
      }
    : Given

/**
 * `unknown` where `Shape` knows every key of `Given`, at any depth; else `Given` with each misspelled key turned into
 * `never`, which does not compile. Maps (sources, arguments, patches) accept any key.
 *
 * Used as `config: C & Exact<Config, C>`. The answer for a correct contract is `unknown` because comparing a large
 * contract with a copy of itself takes the compiler seconds.
 */
export type Exact<Shape, Given> = [UnknownKey<Shape, Given>] extends [never] ? unknown : Refused<Shape, Given>

type Capability = NonNullable<Config['capabilities']>[number]
type Kind = Capability['kind']
type Argument = NonNullable<Capability['args']>[string]
type Arguments = { readonly [name: string]: Argument }

/**
 * The capabilities of one kind by name. Indexed with `[Name]`, not in a conditional: so the compiler compares two
 * contracts by what they hold, and a runner of a typed contract is a plain `Runner` too.
 */
type ByName<C extends Config, K extends Kind> = {
  [Item in NonNullable<C['capabilities']>[number] as K extends Item['kind'] ? Item['name'] : never]: Item
}

/** Names of the read capabilities of `C`; `string` for a contract that was loaded at run time. */
export type ReadName<C extends Config> = keyof ByName<C, 'read'> & string

/** Names of the proposal capabilities of `C`; `string` for a contract that was loaded at run time. */
export type ProposalName<C extends Config> = keyof ByName<C, 'proposal'> & string

/** Names of all capabilities of `C`. */
export type CapabilityName<C extends Config> = ReadName<C> | ProposalName<C>

type ValueOf<A extends Argument> = A extends { readonly enum: readonly (infer Value)[] }
  ? Value
  : A['type'] extends 'string'
    ? string
    : A['type'] extends 'boolean'
      ? boolean
      : number

type OptionalName<As> = { [Name in keyof As]: As[Name] extends { readonly required: false } ? Name : never }[keyof As]
type Simplify<Value> = { [Key in keyof Value]: Value[Key] } & {}
type Typed<As extends Arguments> = Simplify<
  { -readonly [Name in Exclude<keyof As, OptionalName<As>>]: ValueOf<As[Name]> } & {
    -readonly [Name in OptionalName<As>]?: ValueOf<As[Name]>
  }
>

type ArgumentsOf<Item> = Item extends { readonly args: infer As extends Arguments }
  ? string extends keyof As
    ? Record<string, JsonScalar>
    : Typed<As>
  : Item extends { readonly args?: infer As }
    ? string extends keyof NonNullable<As>
      ? Record<string, JsonScalar>
      : Record<never, never>
    : Record<never, never>

/** What a call of the capability `Name` takes. For a loaded contract: scalars by name. */
export type ArgsOf<C extends Config, Name extends CapabilityName<C>> = ArgumentsOf<
  ByName<C, 'read'>[Name & ReadName<C>] | ByName<C, 'proposal'>[Name & ProposalName<C>]
>

type RowOf<Item> = Item extends { readonly visible_columns: readonly (infer Column extends string)[] }
  ? { readonly [Name in Column]: JsonScalar }
  : never

type Rows<Item, Most> = number extends Most
  ? RowOf<Item> | readonly RowOf<Item>[]
  : Most extends 1
    ? RowOf<Item>
    : readonly RowOf<Item>[]

// A literal without the key has the default of one row; the general type may hold any number.
type RowsOf<Item> = 'max_rows' extends keyof Item
  ? Rows<Item, Item extends { readonly max_rows?: infer Most } ? NonNullable<Most> : never>
  : RowOf<Item>

/** What a read of `Name` gives: the row where `max_rows` is 1 (as it is unless said otherwise), else an array of rows. */
export type DataOf<C extends Config, Name extends ReadName<C>> = RowsOf<ByName<C, 'read'>[Name]>

/** Names of the adapters of `C`; `string` for a contract that was loaded at run time. */
export type AdapterName<C extends Config> = keyof NonNullable<C['adapters']> & string

/** The capabilities that the mode of `C` lets a model call. */
type CallableName<C extends Config> = C['mode'] extends 'read_only' ? ReadName<C> : CapabilityName<C>

type IsUnion<Value, Whole = Value> = Value extends unknown ? ([Whole] extends [Value] ? false : true) : never

/** Whether the compiler knows which value it will be at run time. */
type IsOne<Value> = [Value] extends [never]
  ? false
  : string extends Value
    ? false
    : number extends Value
      ? false
      : [IsUnion<Value>] extends [false]
        ? true
        : false

type IsListOfOnes<List> = [IsUnion<List>] extends [false]
  ? List extends readonly unknown[]
    ? IsOne<List['length']> extends true
      ? false extends { [Index in keyof List]: IsOne<List[Index]> }[number]
        ? false
        : true
      : false
    : false
  : false

/** What `Options` may hold under `Key`; `undefined` where it may be left out. */
type OptionAt<Options, Key extends string> = Options extends unknown
  ? Key extends keyof Options
    ? Options[Key] | (Record<never, never> extends Pick<Options, Key> ? undefined : never)
    : undefined
  : never

/** What `mode` of the options lets through. */
type OfMode<C extends Config, Mode> = 'capabilities' extends Mode
  ? CallableName<C>
  : 'workflows' extends Mode
    ? WorkflowName<C>
    : CallableName<C> | WorkflowName<C>

/** The capabilities and workflows that mode and `only` let through. */
type Asked<C extends Config, Only, Mode> = Only extends readonly (infer Name)[]
  ? string extends CallableName<C>
    ? Name & string
    : Extract<OfMode<C, Mode>, Name>
  : OfMode<C, Mode>

/** A tool: its name, and the capability that it calls. */
interface NamedTool {
  readonly name: string
  readonly capability: string
}

type UnderOwnName<Name extends string> = Name extends unknown
  ? { readonly name: Name; readonly capability: Name }
  : never

type UnderGivenName<Item, Names extends string> = Item extends
  | { readonly capability: infer Name extends string }
  | { readonly workflow: infer Name extends string }
  ? string extends Name
    ? { readonly name: string; readonly capability: Names }
    : {
        readonly name: Item extends { readonly as: infer As extends string } ? As : Name
        readonly capability: string extends Names ? Name : Extract<Names, Name>
      }
  : never

type ExposedBy<Adapter, Names extends string> = Adapter extends { readonly expose?: infer List }
  ? List extends readonly (infer Item)[]
    ? UnderGivenName<Item, Names>
    : UnderOwnName<Names>
  : UnderOwnName<Names>

type ToolsBy<C extends Config, Adapter, Names extends string> = Adapter extends string
  ? string extends AdapterName<C>
    ? { readonly name: string; readonly capability: Names }
    : ExposedBy<NonNullable<C['adapters']>[Adapter], Names>
  : UnderOwnName<Names>

type ByToolName<Tool extends NamedTool> = {
  readonly [One in Tool as One['capability'] extends never ? never : One['name']]: One['capability']
}

type IsSettledAdapter<C extends Config, Adapter> = [Adapter] extends [undefined]
  ? true
  : IsOne<Adapter> extends true
    ? NonNullable<C['adapters']>[Adapter & string] extends { readonly expose?: infer List }
      ? IsListOfOnes<List>
      : true
    : false

type IsSettledOnly<Only> = [Only] extends [undefined] ? true : IsListOfOnes<Only>

/** Whether the compiler knows which tools there will be. */
type IsSettled<C extends Config, Options> = [
  IsUnion<Options>,
  IsSettledAdapter<C, OptionAt<Options, 'adapter'>>,
  IsSettledOnly<OptionAt<Options, 'only'>>,
] extends [false, true, true]
  ? true
  : false

// Without a list of names there is nothing that could be missing from it.
type MaybePartial<Names, Whole> = Whole extends true ? Names : string extends keyof Names ? Names : Partial<Names>

/**
 * What tools with these options show of `C`: by the name of the tool, the name of its capability. Options that are not
 * literals leave open which tools there are: then each may be missing.
 */
export type ToolNames<C extends Config, Options> = MaybePartial<
  ByToolName<ToolsBy<C, OptionAt<Options, 'adapter'>, Asked<C, OptionAt<Options, 'only'>, OptionAt<Options, 'mode'>>>>,
  IsSettled<C, Options>
>

/** The `data` of an answer of `Name`. */
export type AnswerOf<C extends Config, Name extends CapabilityName<C>> =
  Name extends ReadName<C> ? DataOf<C, Name> : never

/** The workflows by name: of a literal without the key, none. */
type WorkflowByName<C extends Config> = {
  [Item in NonNullable<C['workflows' & keyof C]>[number] as Item['name']]: Item
}

/** Names of the workflows of `C`: none where it has none, `string` for a contract that was loaded at run time. */
export type WorkflowName<C extends Config> = keyof WorkflowByName<C> & string

// Inputs have the grammar of arguments.
type InputOf<Item> = Item extends { readonly input: infer As }
  ? ArgumentsOf<{ readonly args: As }>
  : Item extends { readonly input?: infer As }
    ? ArgumentsOf<{ readonly args?: As }>
    : Record<never, never>

/** What a run of the workflow `Name` is started with. For a loaded contract: scalars by name. */
export type WorkflowInput<C extends Config, Name extends WorkflowName<C>> = InputOf<WorkflowByName<C>[Name]>

/** What is given for inputs of this grammar: answers to a question, or what an event tells. */
export type AnswerTo<Schema> = Readonly<ArgumentsOf<{ readonly args: Schema }>>

/** Names of the executors of `C` that are functions: none where it has none, `string` for a loaded contract. */
export type FunctionExecutorName<C extends Config> = C extends { readonly executors: infer Executors }
  ? string extends keyof Executors
    ? string
    : {
        [Name in keyof Executors]: Executors[Name] extends { readonly type: 'function' } ? Name : never
      }[keyof Executors] &
        string
  : Config extends C
    ? string
    : never
