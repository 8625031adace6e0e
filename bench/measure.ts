/** How often both sides are called. */
export interface Effort {
  /** Calls of each side that count. */
  readonly calls: number
  /** So many times as many are made; those of the quietest moments count. */
  readonly times: number
  /** Calls before those, which do not count. */
  readonly warmup: number
}

/** The same number of calls of ours and of what it is compared with. */
export interface Pair extends Effort {
  /** Does the work of call number `call`; numbers go on from the warm-up. */
  readonly ours: (call: number) => Promise<unknown>
  readonly reference: (call: number) => Promise<unknown>
  /** Makes ready what both need for a call, or for a row of them, before either is timed. */
  readonly prepare?: (call: number) => Promise<unknown>
  /** Calls of one side before the other's turn: what a process does at its own pace. Default 1. */
  readonly in_a_row?: number
}

/** Medians of one comparison, in milliseconds or whatever else was measured. */
export interface Comparison {
  readonly ours: number
  readonly reference: number
}

/** How long one call of each took, one right after the other. */
export type Turn = Comparison

/** Turns that count or do not count together: about as long as another program disturbs. */
const TURNS_PER_BLOCK = 20

/** Calls of each side, those of the warm-up included. */
export function totalCalls({ calls, times, warmup }: Effort): number {
  return warmup + times * calls
}

export function describeEffort({ calls, times }: Effort): string {
  return times === 1 ? `${calls} calls` : `quietest ${calls} of ${times * calls} calls`
}

/**
 * Times both sides call by call in turns, so that whatever else the machine does meets both alike, and gives the
 * medians over the quietest blocks of turns.
 */
export async function compare(pair: Pair): Promise<Comparison> {
  const turns: Turn[] = []
  for (let call = 0; call < totalCalls(pair); call += pair.in_a_row ?? 1) {
    const taken = await takeTurns(pair, call)
    if (call >= pair.warmup) turns.push(...taken)
  }
  return medians(quietest(turns, pair.calls))
}

/** The blocks that took least, of both sides together: neither is given its own best moments. */
export function quietest(turns: readonly Turn[], wanted: number): readonly Turn[] {
  const blocks: { readonly turns: readonly Turn[]; readonly took: number }[] = []
  for (let first = 0; first < turns.length; first += TURNS_PER_BLOCK) {
    const block = turns.slice(first, first + TURNS_PER_BLOCK)
    const { ours, reference } = medians(block)
    blocks.push({ turns: block, took: ours + reference })
  }
  blocks.sort((a, b) => a.took - b.took)
  return blocks.flatMap((block) => block.turns).slice(0, wanted)
}

export function medians(turns: readonly Turn[]): Comparison {
  return { ours: median(turns.map(({ ours }) => ours)), reference: median(turns.map(({ reference }) => reference)) }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Who begins changes with each turn: the second of two may find a disk or a cache as the first has left it. */
async function takeTurns({ ours, reference, prepare, in_a_row = 1 }: Pair, call: number): Promise<readonly Turn[]> {
  await prepare?.(call)
  const oursFirst = (call / in_a_row) % 2 === 0
  const first = await timeEach(oursFirst ? ours : reference, call, in_a_row)
  const second = await timeEach(oursFirst ? reference : ours, call, in_a_row)
  const [oursTook, referenceTook] = oursFirst ? [first, second] : [second, first]
  return oursTook.map((took, place) => ({ ours: took, reference: referenceTook[place] ?? Number.NaN }))
}

async function timeEach(work: (call: number) => Promise<unknown>, first: number, count: number): Promise<number[]> {
  const took: number[] = []
  for (let call = first; call < first + count; call++) {
    const began = performance.now()
    await work(call)
    took.push(performance.now() - began)
  }
  return took
}
