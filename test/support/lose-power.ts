import { DatabaseSync } from '@photostructure/sqlite'
import { connectionOptions, isRunnerError, type Runner, type Runtime } from '../../src/index.js'

interface Place {
  readonly folder: string
  /** A runner of the same contract and ledger, on these connections. */
  readonly open: (runtime: Pick<Runtime, 'connections'>) => Runner
}

/** An apply to the source `shop` in `shop.db` whose commit went through, and whose answer never came. */
export async function losePowerWhileApplying({ folder, open }: Place, id: string): Promise<void> {
  const handle = (role: 'reader' | 'writer') => new DatabaseSync(`${folder}/shop.db`, connectionOptions('sqlite', role))
  const [reader, writer] = [handle('reader'), handle('writer')]
  const failing = {
    prepare: (sql: string) => writer.prepare(sql),
    exec: (sql: string) => {
      writer.exec(sql)
      if (sql === 'commit') throw new Error('The disk did not answer.')
    },
    close: () => writer.close(),
    get isTransaction() {
      return writer.isTransaction
    },
  }
  const runner = open({ connections: { shop: { reader, writer: failing } } })
  const failure: unknown = await runner.apply(id).catch((error: unknown) => error)
  await runner.close()
  for (const each of [reader, writer]) each.close()
  if (!isRunnerError(failure) || failure.code !== 'OUTCOME_UNKNOWN') throw failure
}
