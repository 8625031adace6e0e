import type { Mutant } from './mutants.js'

const reads = 'test/integration/ledger/sqlite-reads.test.ts'
const group = 'src/ledger/sqlite-read-group.ts'

/** What keeps an answer from being given before its evidence is on record. */
export const recording: readonly Mutant[] = [
  {
    name: 'answer a read before the group that it is in is committed',
    file: group,
    find: '      await endOfTurn()\n      while (waiting.has(own)) await begin()\n',
    replace: '      void endOfTurn().then(begin)\n',
    test: reads,
    named: 'are answered when they are on record, and not before',
  },
  {
    name: 'answer a read that could not be recorded',
    file: group,
    find: 'if (own.failure === undefined) return',
    replace: 'if (own.failure !== null) return',
    test: reads,
    named: 'fail by nobody else',
  },
  {
    name: 'fail all reads of a group through one',
    file: group,
    find: 'if (only !== undefined && reads.length === 1) fail(only, error)',
    replace: 'for (const each of reads) fail(each, only && error)',
    test: reads,
    named: 'fail by nobody else',
  },
  {
    name: 'forget the reads that wait when the ledger is closed',
    file: 'src/ledger/sqlite.ts',
    find: '      reads.flush()\n',
    replace: '',
    test: reads,
    named: 'records what was asked before, and refuses what is asked after',
  },
]
