import { didYouMean, shown } from '../../contract/suggest.js'
import { RunnerError } from '../../errors.js'
import type { Envelope } from '../../index.js'
import type { Call, Output } from '../command.js'
import type { Io } from '../io.js'
import { contractSession } from '../session.js'
import { renderAnswer } from '../text/answer.js'
import { usageError } from '../usage-error.js'
import { type Callable, callablesOf, findCallable } from './callable.js'
import { readInput } from './input.js'
import type { CALL_OPTIONS } from './options.js'
import { writtenArguments } from './written-arguments.js'

type Calling = Call<typeof CALL_OPTIONS>

/** Makes one call through a session of the contract's own context, and shows the answer. */
export async function runCall(call: Calling, io: Io, { verb }: { verb: 'call' | 'propose' }): Promise<Output> {
  const runner = await call.runner()
  const all = callablesOf(runner.config)
  const { name, callable } = targetOf(call, all, verb)
  const input = await inputOf(call, callable, io)
  const answer = await contractSession(runner).call(name, input)
  return {
    document: answer,
    render: (view) => renderAnswer(withSuggestion(answer, name, all), view),
    exit_code: answer.ok ? 0 : 1,
  }
}

/** Without a name, `--sample` means the first that has one: a first call to see that everything is in place. */
function targetOf({ args, options }: Calling, all: readonly Callable[], verb: 'call' | 'propose') {
  const fitting = verb === 'propose' ? all.filter(({ kind }) => kind === 'proposal') : all
  const name = args.capability ?? (options.sample === true ? fitting.find(({ sample }) => sample)?.name : undefined)
  if (name === undefined) {
    throw usageError(
      `It is not said what to ${verb}.`,
      `There is: ${fitting.map((each) => each.name).join(', ') || 'nothing'}.`,
    )
  }
  const callable = findCallable(all, name)
  if (verb === 'propose' && callable !== undefined && callable.kind !== 'proposal') {
    throw usageError(`${callable.name} proposes nothing.`, `Run call ${callable.name}.`)
  }
  return { name: callable?.name ?? name, callable }
}

/** As raw text, so that what is called sees a name that is given twice and a number that no double holds. */
async function inputOf({ rest, options }: Calling, callable: Callable | undefined, io: Io): Promise<string> {
  const ways = [rest.length > 0, options.input !== undefined, options.sample === true].filter(Boolean)
  if (ways.length > 1) throw usageError('Arguments are given in two ways.', 'Give key=value, --input or --sample.')
  if (options.input !== undefined) return readInput(options.input, io)
  if (options.sample === true && callable !== undefined) return sampleOf(callable)
  return writtenArguments(rest, callable)
}

function sampleOf({ name, sample }: Callable): string {
  if (sample !== undefined) return JSON.stringify(sample)
  throw new RunnerError('INVALID_ARGUMENT', `The contract has no sample for ${name}.`, {
    details: { capability: name },
    next: 'Give its arguments as key=value, or add them to the contract as "examples".',
  })
}

/** For people: a model is not told which names there are. */
function withSuggestion(answer: Envelope, name: string, all: readonly Callable[]): Envelope {
  const { error } = answer
  if (error?.code !== 'CAPABILITY_NOT_FOUND') return answer
  const names = all.map((each) => each.name)
  const next = didYouMean(name, names).trim() || `There is: ${names.join(', ') || 'nothing'}.`
  return { ...answer, error: { ...error, message: `There is nothing called ${shown(name)}.`, next } }
}
