import type { Runner, StoredEntry } from '../../../index.js'
import { type Call, defineCommand, type Output } from '../../command.js'
import { followEntries, headOf, readBehind } from '../../entries.js'
import type { Io } from '../../io.js'
import { flag, integer } from '../../options.js'
import { usageError } from '../../usage-error.js'

const OPTIONS = {
  follow: flag('-f, --follow', 'Go on with what happens, until you stop it.'),
  since: integer('--since <seq>', 'Only what stands behind this place. 0 is the beginning.', { minimum: 0 }),
  limit: integer('--limit <n>', 'How many, 50 by default. Without --since, the last ones.', { maximum: 1000 }),
}

const USUAL_LIMIT = 50

/** `events tail`, and `events` alone. */
export const eventsTail = defineCommand({
  name: 'events tail',
  is_default: true,
  summary: 'Tell the entries of the ledger, the oldest first.',
  details:
    'With --json, one document: give its next_since to --since and you go on where it ended. With --json and --follow, one document a line, each entry once.',
  needs: 'runner',
  options: OPTIONS,
  examples: ['events tail', 'events tail --follow', 'events tail --follow --since 120 --json'],
  async run(call, io) {
    const { follow, since, limit } = call.options
    if (follow === true && since !== undefined && limit !== undefined) {
      throw usageError('--follow --since leaves nothing out, so it takes no --limit.', 'Leave one of them out.')
    }
    const runner = await call.runner()
    const place = await placeOf(runner, call)
    return follow === true ? tellOn(runner, place.since, call, io) : tellOnce(runner, place)
  },
})

/** Behind which entry to begin, and with which to end. */
interface Place {
  readonly since: number
  readonly until: number
}

async function placeOf(
  runner: Runner,
  { options: { since, limit = USUAL_LIMIT } }: Call<typeof OPTIONS>,
): Promise<Place> {
  const head = await headOf(runner)
  if (since === undefined) return { since: Math.max(0, head - limit), until: head }
  if (since <= head) return { since, until: Math.min(head, since + limit) }
  throw usageError(`The ledger ends at ${head}: nothing of it stands at ${since}.`, 'Check which ledger is read.')
}

async function tellOnce(runner: Runner, { since, until }: Place): Promise<Output> {
  const entries: StoredEntry[] = []
  for await (const batch of readBehind(runner, { since, until })) entries.push(...batch)
  const { lineOf, toEvent } = await import('../../text/event.js')
  return {
    document: { items: entries.map(toEvent), next_since: until },
    render: () => (entries.length === 0 ? 'Nothing has happened since.' : entries.map(lineOf).join('\n')),
  }
}

/** Writes by itself, as it goes. */
async function tellOn(runner: Runner, since: number, { json }: Call<typeof OPTIONS>, io: Io): Promise<undefined> {
  const { lineOf, toEvent } = await import('../../text/event.js')
  const stop = await io.untilStopped()
  try {
    for await (const entry of followEntries(runner, since, stop.signal)) {
      io.out(`${json ? JSON.stringify(toEvent(entry)) : lineOf(entry)}\n`)
    }
  } finally {
    stop.dispose()
  }
}
