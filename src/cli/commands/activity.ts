import { defineCommand, type View } from '../command.js'
import { given } from '../given.js'
import { PAGING } from '../list-options.js'
import { flag } from '../options.js'
import type { EntryWords } from '../text/entry-words.js'
import { renderPage } from '../text/page.js'
import { renderRefusals } from '../text/refusals.js'
import type { Column } from '../text/table.js'
import { age } from '../text/time.js'

/** One line: which entry of the ledger, and what it says. */
interface Line extends EntryWords {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly subject: string
}

/** `activity`. */
export const activityCommand = defineCommand({
  name: 'activity',
  summary: 'Tell what happened lately, the newest first.',
  details: 'Reads are in evidence list; what was refused is counted with --refusals.',
  needs: 'runner',
  options: { refusals: flag('--refusals', 'Also the calls that were refused lately, counted.'), ...PAGING },
  examples: ['activity --limit 20', 'activity --refusals'],
  async run({ options: { refusals: isWithRefusals, limit, cursor }, runner: open }) {
    const runner = await open()
    const { items, next_cursor } = await runner.entries.list(given({ limit, cursor }))
    const { wordsOf } = await import('../text/entry-words.js')
    const page = { items: items.map((entry): Line => toLine(entry, wordsOf(entry))), next_cursor }
    const refusals = isWithRefusals === true ? (await runner.refusals.list(given({ limit }))).items : undefined
    const none = 'Nothing has happened yet.'
    return {
      document: { ...page, ...given({ refusals }) },
      render: (view) =>
        [
          renderPage(page, columnsOf(view), { none, view }),
          ...(refusals === undefined ? [] : [renderRefusals(refusals, view)]),
        ].join('\n\n'),
    }
  },
})

function toLine({ seq, at, type, subject }: Omit<Line, keyof EntryWords>, { who, what }: EntryWords): Line {
  return { seq, at, type, subject, who, what }
}

function columnsOf({ now }: View): readonly Column<Line>[] {
  return [
    { title: 'AGE', value: ({ at }) => age(at, now), align: 'right' },
    { title: 'WHO', value: ({ who }) => who ?? '', narrow: 'cut' },
    { title: 'WHAT', value: ({ what }) => what, narrow: 'cut' },
    { title: 'ON', value: ({ subject }) => subject },
  ]
}
