import { Argument, Command, Option } from 'commander'
import { VERSION } from '../protocol/version.js'
import type { ArgumentSpec, Call, CommandSpec } from './command.js'
import type { Io } from './io.js'
import { openLazily } from './open-runner.js'
import { flag, hidden, type OptionSpec, type OptionSpecs, text } from './options.js'

/** Called with each command that was given, ready to run. */
export type Execute = (spec: CommandSpec, call: Call, close: () => Promise<void>) => Promise<void>

/** What a group of commands is about. */
export type Groups = Readonly<Record<string, string>>

const JSON_OPTION = { json: flag('--json', 'Print one JSON document on stdout and nothing else.') }

const RUNNER_OPTIONS = {
  config: text('--config <file>', 'The contract. Default: SYNAPSOR_CONFIG, else synapsor.runner.json.'),
  runner: text('--runner <module>', 'A module whose default export is a runner, instead of a contract.'),
  store: text('--store <file>', 'The ledger. Default: SYNAPSOR_LOCAL_STORE, else what the contract says.'),
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

/** The tree of commands. Building it loads none of what they do. */
export function buildProgram(specs: readonly CommandSpec[], groups: Groups, io: Io, execute: Execute): Command {
  const program = new Command('synapsor-runner')
  program
    .description('Lets agents propose changes to your database that people approve and a runner applies once.')
    .version(VERSION, '-V, --version', 'Print the version.')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
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
  command
    .copyInheritedSettings(parent)
    .helpCommand(false)
    .allowExcessArguments(spec.is_later === true)
  command.allowUnknownOption(spec.is_later === true)
  command.summary(spec.summary).description([spec.summary, spec.details ?? ''].join('\n\n').trim())
  command.addHelpText('after', `\n${examplesText(spec)}`)
  for (const argument of spec.args ?? []) command.addArgument(toArgument(argument))
  const options = Object.entries(optionsOf(spec)).map(([key, option]) => [key, toOption(option)] as const)
  for (const [, option] of options) command.addOption(option)
  command.action(async () => {
    const given = command.opts<Record<string, unknown>>()
    const values = Object.fromEntries(options.map(([key, option]) => [key, given[option.attributeName()]]))
    const { call, close } = toCall(spec, values, command.processedArgs, adding.io)
    await adding.execute(spec, call, close)
  })
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

function toCall(spec: CommandSpec, values: Readonly<Record<string, unknown>>, given: readonly unknown[], io: Io) {
  const names = (spec.args ?? []).map(({ name }) => name)
  const args = Object.fromEntries(names.map((name, place) => [name, textOf(given[place])]))
  const opened = openLazily(
    { config: textOf(values.config), runner: textOf(values.runner), store: textOf(values.store) },
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

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}
