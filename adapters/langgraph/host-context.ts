import type { LangGraphRunnableConfig } from '@langchain/langgraph'

/**
 * What `resolve` of `runner.sessionsFrom` and the `link` of the options get: what your code gave the run beside its
 * input. A model sees neither, and neither is written to a checkpoint.
 */
export interface LangGraphContext {
  /** `configurable` of the run, `thread_id` included. */
  readonly configurable?: Readonly<Record<string, unknown>>
  /** `context` of the run, as the graph's context schema has it. */
  readonly context?: unknown
}

/** Keeps of a run's configuration what the host gave with it. */
export function hostContextOf(config?: Pick<LangGraphRunnableConfig, 'configurable' | 'context'>): LangGraphContext {
  const { configurable, context } = config ?? {}
  return {
    ...(configurable === undefined ? {} : { configurable }),
    ...(context === undefined ? {} : { context }),
  }
}
