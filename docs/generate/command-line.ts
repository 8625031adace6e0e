import type { CommandSpec } from '../../src/cli/command.js'
import { COMMANDS, GROUPS } from '../../src/cli/commands/index.js'
import { optionsOf } from '../../src/cli/program.js'

const INTRODUCTION = `# Command line

\`synapsor-runner\` is for the people who review, apply and look after things, and for the MCP clients that start a server. A
command maps to one call of the library and prints what came of it: your own code can do with proposals, runs and the ledger all
that a command can.

\`\`\`sh
npx synapsor-runner proposals list --mine --as carol
\`\`\`

This page is written from the commands by \`npm run schemas\`. \`synapsor-runner help <command>\` says the same.

## What all commands share

| | |
| --- | --- |
| Contract | \`--config <file>\`, else \`SYNAPSOR_CONFIG\`, else \`synapsor.runner.json\` in the current folder. |
| Runner of your own | \`--runner <module>\`: a JavaScript module whose default export is a runner. Needed where functions are involved: workflows, executors, \`approvers\`. |
| Ledger | \`--store <file>\`, else \`SYNAPSOR_LOCAL_STORE\` (\`SYNAPSOR_STORE\`), else what the contract says. A relative path of the contract is relative to the contract, one of the command line to the current folder. |
| Who decides | \`--as <person>\`, else \`SYNAPSOR_OPERATOR\`. It must be one of \`operators\` of the contract, which alone says who holds which role. |
| Output | For people on a terminal; with \`--json\`, one JSON document on stdout and nothing else. Its shapes are in \`schemas/synapsor.cli.v1.schema.json\`, by the name of the command. Questions, progress, logs and errors go to stderr. |
| Errors | A sentence and what to do; with \`--json\`, \`{ "error": { code, message, retry, details, next } }\`, by the [codes](errors.md) of the library. |
| Exit | 0 done, 1 refused or failed, 2 wrong usage, 3 where a person should look at it: authority that grew, in \`contract diff\`. |
| \`latest\` | Wherever an id is asked for: the newest object of that kind, whatever its status. stderr says which it is. |
| Colour | On a terminal only, and not with \`NO_COLOR\`. |
`

/** Renders the reference of the command line from the specifications of its commands. */
export function commandLineReference(): string {
  const shown = COMMANDS.filter(({ is_later }) => is_later !== true)
  return [INTRODUCTION, ...[...grouped(shown)].map(([group, specs]) => section(group, specs))].join('\n')
}

function grouped(specs: readonly CommandSpec[]): ReadonlyMap<string, readonly CommandSpec[]> {
  const groups = new Map<string, CommandSpec[]>()
  for (const spec of specs) {
    const [first = ''] = spec.name.split(' ')
    groups.set(first, [...(groups.get(first) ?? []), spec])
  }
  return groups
}

function section(group: string, specs: readonly CommandSpec[]): string {
  const about = GROUPS[group]
  return [`## ${group}`, ...(about === undefined ? [] : [about]), ...specs.map(command)].join('\n\n').concat('\n')
}

function command(spec: CommandSpec): string {
  const { name, summary, details, examples, aliases = [] } = spec
  return [
    ...(name.includes(' ') ? [`### ${name}`] : []),
    `${summary}${details === undefined ? '' : ` ${details}`}`,
    fence([usage(spec), '', ...examples.map((line) => `synapsor-runner ${line}`)]),
    ...argumentsTable(spec),
    ...(aliases.length === 0 ? [] : [`Also spelled ${aliases.map((each) => `\`${each}\``).join(', ')}.`]),
  ].join('\n\n')
}

function usage({ name, args = [] }: CommandSpec): string {
  const words = args.map(({ name: word, optional, many }) => {
    const written = many === true ? `${word}...` : word
    return optional === true ? `[${written}]` : `<${written}>`
  })
  return ['# synapsor-runner', name, ...words].join(' ')
}

function fence(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n')
}

/** What every command has is said once, above. */
const SHARED = new Set(['json', 'config', 'runner', 'store', 'as'])

function argumentsTable(spec: CommandSpec): readonly string[] {
  const options = Object.entries(optionsOf(spec)).filter(([key, { hidden }]) => hidden !== true && !SHARED.has(key))
  const rows = [
    ...(spec.args ?? []).map(({ name, summary }) => [`\`${name}\``, summary]),
    ...options.map(([, { flags, summary, choices }]) => [
      `\`${flags}\``,
      choices === undefined ? summary : `${summary} One of ${choices.map((each) => `\`${each}\``).join(', ')}.`,
    ]),
  ]
  if (rows.length === 0) return []
  return [['| | |', '| --- | --- |', ...rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`)].join('\n')]
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
