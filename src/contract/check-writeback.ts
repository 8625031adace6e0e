import { type DraftProposal, isServer, own } from './draft.js'
import { type ContractProblem, problem } from './problems.js'
import { executorName, isProposal, type Subject, writerOf } from './subject.js'
import { didYouMean } from './suggest.js'

/** An approved change has one way to the source, and what that way needs. */
export function* checkWriteback(subject: Subject): Iterable<ContractProblem> {
  const { capability, path } = subject
  if (!isProposal(subject)) {
    const mode = capability.writeback?.mode
    if (mode !== undefined && mode !== 'none') {
      yield problem('INVALID_VALUE', [...path, 'writeback', 'mode'], 'Remove `writeback`: a read writes nothing.')
    }
    return
  }
  yield* checkNames(subject)
  yield* checkAgreement(subject)
  if (subject.config.mode === 'review' && writerOf(subject) === 'direct_sql') yield* checkSource(subject)
}

function* checkNames({ capability, names, path }: Subject<DraftProposal>): Iterable<ContractProblem> {
  const places = [
    [capability.executor, [...path, 'executor']],
    [capability.writeback?.executor, [...path, 'writeback', 'executor']],
  ] as const
  for (const [name, at] of places) {
    if (name === undefined || names.executors.has(name)) continue
    const message = `Declare \`${name}\` in \`executors\`.${didYouMean(name, names.executors)}`
    yield problem('UNKNOWN_REFERENCE', at, message)
  }
}

function* checkAgreement({ capability, config, path }: Subject<DraftProposal>): Iterable<ContractProblem> {
  const { executor, writeback } = capability
  const at = [...path, 'writeback']
  if (executor !== undefined && writeback?.executor !== undefined && executor !== writeback.executor) {
    yield problem('EXECUTOR_MISMATCH', [...at, 'executor'], 'Name one executor: `executor` says another.')
  }
  const name = executorName(capability)
  const type = own(config.executors, name)?.type
  const mode = writeback?.mode
  if (mode === 'app_handler' && (name === undefined || type === 'sql_update')) {
    const message = 'Name an executor of the app (http_handler, command_handler or function), or write `direct_sql`.'
    yield problem('EXECUTOR_MISMATCH', [...at, 'mode'], message)
  }
  if (mode === 'direct_sql' && type !== undefined && type !== 'sql_update') {
    yield problem('EXECUTOR_MISMATCH', [...at, 'mode'], 'Write `app_handler`: the named executor belongs to the app.')
  }
}

function* checkSource({ capability, path, source }: Subject<DraftProposal>): Iterable<ContractProblem> {
  if (source?.read_only === true) {
    const message = `Name an executor of the app, or remove \`read_only\` from the source \`${capability.source}\`.`
    yield problem('SOURCE_READ_ONLY', [...path, 'source'], message)
    return
  }
  if (source !== undefined && isServer(source) && source.write_url_env === undefined) {
    const message = `Add \`write_url_env\` to the source \`${capability.source}\`, unless the host gives the connection.`
    yield problem('CONNECTION_UNNAMED', [...path, 'source'], message)
  }
}
