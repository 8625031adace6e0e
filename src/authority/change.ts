import type { ParsedConfig } from '../contract/schema.js'

/**
 * `grew`: something is allowed now that was not; `shrank`: only less is; `changed`: it is different, and whether that is
 * more cannot be told.
 */
export type AuthorityDirection = 'grew' | 'shrank' | 'changed'

/** One difference between two contracts, in words. */
export interface AuthorityChange {
  readonly direction: AuthorityDirection
  /**
   * What it is about: `capability:billing.waive_fee`, `workflow:…`, `adapter:…`, `source:…`, `executor:…`, `context:…`
   * (`context:trusted_context` is the default one), `operators`, `approvals`, `limits`, `mode`, `cloud` or `contract`.
   */
  readonly subject: string
  /** JSON Pointer to the place in the new contract, or in the old one where the new one has none. */
  readonly path: string
  /** One sentence. Holds names and values of the contracts, which hold no secrets. */
  readonly message: string
}

/** What a rule says of one difference; `at` is the place below the one that was asked about. */
export interface Judgement {
  readonly direction: AuthorityDirection
  readonly message: string
  readonly at?: readonly string[]
}

/** Both contracts, and the place in them: names stand for the indexes of capabilities and workflows. */
export interface Scene {
  readonly old: ParsedConfig
  readonly new: ParsedConfig
  readonly path: readonly string[]
}

/**
 * Says what the difference of two values means. Empty where it is for another rule to say: then the differences below
 * are looked at, or it is reported as `changed`.
 */
export type Judge = (before: unknown, after: unknown, scene: Scene) => readonly Judgement[]

/** Rules laid out as the contract is. */
export interface Rules {
  readonly judge?: Judge
  readonly keys?: Readonly<Record<string, Rules>>
  /** For every key that is not named. */
  readonly each?: Rules
}
