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

/** What a tool shows: a capability, and under which name. */
interface Shown {
  readonly capability: string
  readonly as?: string
}

/** The capabilities that the mode of `C` lets a model call. */
type Callable<C extends Config> = C['mode'] extends 'read_only' ? ReadName<C> : CapabilityName<C>

type AllShown<Names extends string> = Names extends unknown ? { readonly capability: Names } : never

type ShownBy<C extends Config, Options> = Options extends { readonly adapter: infer Adapter extends string }
  ? NonNullable<C['adapters']>[Adapter] extends { readonly expose: readonly (infer Item extends Shown)[] }
    ? Item
    : AllShown<Callable<C>>
  : AllShown<Callable<C>>

type Narrowed<Item extends Shown, Options> = Options extends { readonly only: readonly (infer Name)[] }
  ? Extract<Item, { readonly capability: Name }>
  : Item

/** What tools with these options show of `C`: by the name of the tool, the name of its capability. */
export type ToolNames<C extends Config, Options> = {
  readonly [Item in Extract<
    Narrowed<ShownBy<C, Options>, Options>,
    { readonly capability: Callable<C> }
  > as Item extends {
    readonly as: infer Name extends string
  }
    ? Name
    : Item['capability']]: Item['capability']
}

/** The `data` of an answer of `Name`. */
export type AnswerOf<C extends Config, Name extends CapabilityName<C>> =
  Name extends ReadName<C> ? DataOf<C, Name> : never
