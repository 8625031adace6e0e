import { Argument, Command, Option } from 'commander'
import { suggest } from '../contract/suggest.js'
import { VERSION } from '../protocol/version.js'
import type { ArgumentSpec, Call, CommandSpec } from './command.js'
import type { Io } from './io.js'
import { openLazily } from './open-runner.js'
import { flag, hidden, type OptionSpec, type OptionSpecs, text } from './options.js'
import { type UsageError, usageError } from './usage-error.js'

/** Called with each command that was given, ready to run. */
export type Execute = (spec: CommandSpec, call: Call, close: () => Promise<void>) => Promise<void>

/** What a group of commands is about. */
export type Groups = Readonly<Record<string, string>>

const JSON_OPTION = { json: flag('--json', 'Print one JSON document on stdout and nothing else.') }

const RUNNER_OPTIONS = {
  config: text('--config <file>', 'The contract. Default: SYNAPSOR_CONFIG, else synapsor.runner.json.'),
  runner: text('--runner <module>', 'A module whose default export is a runner, instead of a contract.'),
  store: text(
    '--store <file>',
    'The ledger. Default: SYNAPSOR_LOCAL_STORE or SYNAPSOR_STORE, else what the contract says.',
  ),
}

const DECIDER_OPTIONS = {
  as: text('--as <person>', 'Who decides. Default: SYNAPSOR_OPERATOR.'),
  actor: hidden(text('--actor <person>', 'As --as.')),
}

/** All options of a command, its own and those of every command of its kind. */
export function optionsOf({ options = {}, needs, decides }: CommandSpec): OptionSpecs {
  return {
    ...options,
    ...(decides === true ? DECIDER_OPTIONS : {}),
    ...(needs === 'runner' ? RUNNER_OPTIONS : {}),
    ...JSON_OPTION,
  }
}

/**
 * The commands that the first word can mean, by their names or their other spellings: what else there is need not be
 * built. All of them where it means none, for help and for suggestions.
 */
export function commandsFor(word: string | undefined, specs: readonly CommandSpec[]): readonly CommandSpec[] {
  const meant = specs.filter(({ name, aliases = [] }) => [name, ...aliases].some((each) => each.split(' ')[0] === word))
  return meant.length === 0 ? specs : meant
}

interface Building {
  readonly groups: Groups
  readonly io: Io
  /** Hears what commander has against the line. */
  readonly complain: (text: string) => void
  readonly execute: Execute
}

/** The tree of commands. Building it loads none of what they do. */
export function buildProgram(specs: readonly CommandSpec[], { groups, io, complain, execute }: Building): Command {
  const program = new Command('synapsor-runner')
  program
    .description('Lets agents propose changes to your database that people approve and a runner applies once.')
    .version(VERSION, '-V, --version', 'Print the version.')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: complain,
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    })
  for (const spec of specs) {
    addCommand(program, spec, spec.name, { groups, io, execute, isHidden: false })
    for (const alias of spec.aliases ?? []) addCommand(program, spec, alias, { groups, io, execute, isHidden: true })
  }
  return program
}

interface Adding {
  readonly groups: Groups
  readonly io: Io
  readonly execute: Execute
  readonly isHidden: boolean
}

function addCommand(program: Command, spec: CommandSpec, name: string, adding: Adding): void {
  const words = name.split(' ')
  const [last = ''] = words.splice(-1)
  const parent = words.reduce((node, word, place) => groupOf(node, words.slice(0, place + 1), word, adding), program)
  const command = parent.command(last, {
    hidden: adding.isHidden || spec.is_later === true,
    isDefault: spec.is_default === true,
  })
  // What a default command does not take is the name of a command that its group lacks.
  const isBare = spec.is_default === true && (spec.args ?? []).length === 0
  command
    .copyInheritedSettings(parent)
    .helpCommand(false)
    .allowExcessArguments(spec.is_later === true || isBare)
  command.allowUnknownOption(spec.is_later === true)
  command.summary(spec.summary).description([spec.summary, spec.details ?? ''].join('\n\n').trim())
  command.addHelpText('after', `\n${examplesText(spec)}`)
  for (const argument of spec.args ?? []) command.addArgument(toArgument(argument))
  const options = Object.entries(optionsOf(spec)).map(([key, option]) => [key, toOption(option)] as const)
  for (const [, option] of options) command.addOption(option)
  command.action(async () => {
    if (isBare && command.args.length > 0) throw unknownCommand(parent, command.args[0] ?? '')
    const given = command.opts<Record<string, unknown>>()
    const values = Object.fromEntries(options.map(([key, option]) => [key, given[option.attributeName()]]))
    const { call, close } = toCall(spec, values, command.processedArgs, adding.io)
    await adding.execute(spec, call, close)
  })
}

function unknownCommand(group: Command, word: string): UsageError {
  const names = group.commands.map((each) => each.name())
  const nearest = suggest(word, names)
  const next = nearest === undefined ? `There is: ${names.join(', ')}.` : `Did you mean ${nearest}?`
  return usageError(`There is no command ${group.name()} ${word}.`, next)
}

function examplesText({ examples }: CommandSpec): string {
  return ['Examples:', ...examples.map((line) => `  $ synapsor-runner ${line}`)].join('\n')
}

function groupOf(parent: Command, path: readonly string[], word: string, { groups }: Adding): Command {
  const found = parent.commands.find((each) => each.name() === word)
  if (found !== undefined) return found
  const about = groups[path.join(' ')]
  const group = parent.command(word, { hidden: about === undefined }).helpCommand(false)
  return group.copyInheritedSettings(parent).description(about ?? '')
}

function toArgument({ name, summary, optional = false, many = false }: ArgumentSpec): Argument {
  const written = many ? `${name}...` : name
  return new Argument(optional ? `[${written}]` : `<${written}>`, summary)
}

function toOption({ flags, summary, parse, repeats = false, choices, hidden: isHidden = false }: OptionSpec): Option {
  const option = new Option(flags, summary)
  if (choices !== undefined) option.choices(choices)
  if (parse !== undefined) option.argParser(parse)
  if (repeats) option.argParser((value: string, earlier: readonly string[] = []) => [...earlier, value])
  return isHidden ? option.hideHelp() : option
}

/** Within two seconds, a person should know; the ledger may be waited for twice. */
const LEDGER_PATIENCE_MS = 750

function toCall(spec: CommandSpec, values: Readonly<Record<string, unknown>>, given: readonly unknown[], io: Io) {
  const names = (spec.args ?? []).map(({ name }) => name)
  assertNotBlank({ ...values, ...Object.fromEntries(names.map((name, place) => [name, given[place]])) })
  const args = Object.fromEntries(names.map((name, place) => [name, textOf(given[place])]))
  const opened = openLazily(
    {
      config: textOf(values.config),
      runner: textOf(values.runner),
      store: textOf(values.store),
      ledger_timeout_ms: spec.serves === true ? undefined : LEDGER_PATIENCE_MS,
    },
    io,
  )
  const call: Call = {
    args,
    rest: given.flatMap((each) => (Array.isArray(each) ? each.map(String) : [])),
    options: values,
    json: values.json === true,
    contract: opened.contract,
    runner: opened.runner,
    config_path: opened.config_path,
    operator: textOf(values.as) ?? textOf(values.actor) ?? textOf(io.env.SYNAPSOR_OPERATOR),
  }
  return { call, close: opened.close }
}

/** What a script gives with a variable that is not set means nothing, and not what leaving it out means. */
function assertNotBlank(given: Readonly<Record<string, unknown>>): void {
  const blank = Object.entries(given).find(([, value]) => typeof value === 'string' && value.trim() === '')
  if (blank === undefined) return
  throw usageError(`The ${blank[0].replaceAll('_', ' ')} is empty.`, 'Give a value, or leave it out.')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}
