import { interrupt } from '@langchain/langgraph'
import type { Envelope } from '../../src/index.js'

/** What a graph is interrupted with while a run waits: the run, in words and in handles. */
export interface RunCard {
  /** What the run waits for, and what went wrong with the last answer. */
  readonly summary: string
  readonly run: NonNullable<Envelope['run']>
}

/** How a wait touches its run. */
export interface Waiting {
  /** Moves the run as far as it comes, and tells how it stands. */
  readonly look: () => Promise<Envelope>
  /** Answers what the run asks of its caller. Left out, a run that asks is handed back. */
  readonly answer?: (information: unknown) => Promise<Envelope>
}

/**
 * Interrupts the graph until a run does not wait any more. Only the ledger says how it stands: whatever the graph is
 * resumed with, a run that still waits for somebody else interrupts it again.
 */
export async function awaitRun({ look, answer }: Waiting): Promise<Envelope> {
  let refusal = ''
  for (;;) {
    const envelope = await look()
    const { run, summary } = envelope
    // What a run that has ended waits for is another run.
    if (run === undefined || ENDED.has(run.status)) return envelope
    if (run.status === 'waiting_information' && answer === undefined) return envelope
    const resume = interrupt<RunCard, unknown>({ summary: `${refusal}${summary}`, run })
    const information = informationIn(resume)
    refusal = ''
    if (information === undefined || answer === undefined) continue
    const { error } = await answer(information)
    // Nobody asked, as when the framework gives an old answer again.
    if (error !== undefined && error.code !== 'WRONG_STATUS') {
      refusal = `The last answer was refused: ${error.message} ${error.next} `
    }
  }
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'rejected', 'conflict', 'failed', 'expired', 'canceled'])

function informationIn(resume: unknown): unknown {
  return typeof resume === 'object' && resume !== null ? Reflect.get(resume, 'information') : undefined
}
