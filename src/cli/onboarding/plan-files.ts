/** Which files an onboarding leaves, and what stands in them. Nothing is written here. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { ContractProblem } from '../../contract/problems.js'
import { examineConfig } from '../../contract/validate.js'
import { buildContract, renderContract } from '../../onboarding/build-contract.js'
import { buildRoles, ROLE_NAMES } from '../../onboarding/build-roles.js'
import { resolveSelection } from '../../onboarding/resolve-selection.js'
import type { Selection } from '../../onboarding/selection.js'
import type { FileToWrite } from '../file-set.js'
import type { Io } from '../io.js'
import { CLIENTS, type ClientName } from '../mcp/clients.js'
import { launchOf } from '../mcp/launch.js'
import { usageError } from '../usage-error.js'
import { renderEnvExample } from './env-example.js'
import type { Gathered } from './gather.js'
import type { StartOptions } from './read-flags.js'

/** What will be written. The contract comes first. */
export interface Plan {
  readonly selected: Selection
  readonly contract: ReturnType<typeof buildContract>
  /** What was chosen against better advice. */
  readonly warnings: readonly ContractProblem[]
  readonly contract_path: string
  readonly folder: string
  readonly files: readonly FileToWrite[]
}

const DEFAULT_CONTRACT = 'synapsor.runner.json'

/** Each client, and the file of its snippet. */
const SNIPPETS: readonly (readonly [file: string, client: ClientName])[] = [
  ['generic-stdio.json', 'generic'],
  ['claude-desktop.json', 'claude-desktop'],
  ['cursor.json', 'cursor'],
  ['vscode.json', 'vscode'],
]

/**
 * Builds everything from the answers.
 *
 * @throws RunnerError `CONFIG_INVALID` with every problem, in terms of the answers.
 */
export function planFiles({ selection, assessment }: Gathered, options: StartOptions, io: Io): Plan {
  const contract_path = resolve(io.cwd, options.output ?? DEFAULT_CONTRACT)
  const folder = dirname(contract_path)
  const resolved = resolveSelection(selection)
  const contract = buildContract(selection, assessment?.table)
  const { reader_role: reader = ROLE_NAMES.reader, writer_role: writer = ROLE_NAMES.writer } = options
  const { config, warnings } = examineConfig(contract)
  const roles = config === undefined ? '' : buildRoles(config, { reader, writer })
  const sample = contract.capabilities?.[0]?.examples?.[0]
  const files: readonly FileToWrite[] = [
    { path: contract_path, content: renderContract(contract) },
    { path: join(folder, '.env.example'), content: renderEnvExample(resolved) },
    ...(roles === '' ? [] : [{ path: join(folder, 'synapsor.roles.sql'), content: `${roles}\n` }]),
    ...snippets(contract_path, folder),
    ...(sample === undefined ? [] : [sampleFile(folder, sample)]),
    ...(options.save_selection === undefined
      ? []
      : [selectionFile(resolve(io.cwd, options.save_selection), selection)]),
  ]
  assertApart(files)
  return { selected: selection, warnings, contract, contract_path, folder, files }
}

/** Two of them in one place would leave one of them. */
function assertApart(files: readonly FileToWrite[]): void {
  const paths = files.map(({ path }) => path)
  if (new Set(paths).size === paths.length) return
  throw usageError('Two files would be written to one place.', 'Give --save-selection or --output another name.')
}

function snippets(config_path: string, folder: string): readonly FileToWrite[] {
  const dotenv = join(folder, '.env')
  const launch = launchOf({ cwd: folder, config_path, dotenv: existsSync(dotenv) ? dotenv : undefined })
  return SNIPPETS.map(([file, client]) => ({
    path: join(folder, '.synapsor', 'mcp', file),
    content: `${CLIENTS[client].snippet(launch, 'synapsor')}\n`,
  }))
}

function sampleFile(folder: string, sample: unknown): FileToWrite {
  return {
    path: join(folder, '.synapsor', 'smoke-input.json'),
    content: `${JSON.stringify(sample, null, 2)}\n`,
    is_private: true,
  }
}

function selectionFile(path: string, selection: Selection): FileToWrite {
  return { path, content: `${JSON.stringify({ version: 1, ...selection }, null, 2)}\n` }
}
