import type { Envelope, Runner, ToolOptions, ToolSource } from '../../../src/index.js'

/** What came of one tool call that a scripted model made through the real framework. */
export interface Outcome {
  /** Everything the model is shown of it, as text. */
  readonly shown: string
  /** The whole envelope, as the host gets it; `undefined` where the framework never reached our tool. */
  readonly envelope: Envelope | undefined
}

/** A framework with our tools in it, driven by a scripted model. */
export interface AdapterHost {
  /** Names of the tools as the model is offered them. */
  readonly names: readonly string[]
  /**
   * Has the model call one tool, with these arguments exactly.
   *
   * @param hostContext what the framework's run carries in the place where its docs put trusted context.
   */
  call(name: string, args: unknown, hostContext?: unknown): Promise<Outcome>
}

/** How the cases reach a framework. */
export interface AdapterDriver {
  readonly name: string
  open(source: ToolSource, options?: ToolOptions): Promise<AdapterHost> | AdapterHost
  /** The host context under which `resolve` of `runner.sessionsFrom` finds the given value. Read by `valueIn`. */
  contextOf(value: unknown): unknown
  /** What `resolve` gets to read the value back. */
  valueIn(hostContext: unknown): unknown
}

/** The wire name of a capability. */
export function wire(name: string): string {
  return name.replaceAll('.', '__')
}

export type { Runner }
