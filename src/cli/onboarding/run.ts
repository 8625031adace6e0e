/** One way for `init`, `start` and `onboard db`: gather the answers, build, write, try. */
import { relative } from 'node:path'
import { resolveSelection } from '../../onboarding/resolve-selection.js'
import type { Output } from '../command.js'
import type { FileToWrite } from '../file-set.js'
import type { Io } from '../io.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { tryOut } from './first-call.js'
import { gather } from './gather.js'
import { gitIgnoreOf } from './git-ignore.js'
import { notExposed } from './left-out.js'
import { nextLines, operatorsToAdd, unsetVariables } from './next-lines.js'
import { planFiles } from './plan-files.js'
import type { InitOptions } from './read-flags.js'
import { renderOnboarding } from './render.js'
import { warningsOf } from './warnings.js'
import { writePlan } from './write-plan.js'

/** `guided` goes on to look the set-up over and to what an MCP client is given. */
export async function runOnboarding(options: InitOptions, { guided }: { guided: boolean }, io: Io): Promise<Output> {
  const gathered = await gather(options, io)
  const resolved = resolveSelection(gathered.selection)
  const plan = planFiles(gathered, options, io)
  const asks = io.interactive && options.non_interactive !== true && options.yes !== true
  const ignored = await ignore(plan.folder, { asks, force: options.force === true }, io)
  await writePlan(plan.files, { force: options.force === true, asks, beside: ignored.files }, io)

  const tried = await tryOut(plan, { guided }, io).catch((error: unknown) => {
    // What went wrong is told by itself, and would hide that the files are there.
    io.err(`Written to ${escapeUntrusted(plan.folder)}.\n`)
    throw error
  })
  const document = {
    folder: plan.folder,
    files: [
      ...plan.files.map(({ path }) => relative(plan.folder, path)),
      ...(ignored.files.length === 0 ? [] : ['.gitignore']),
    ],
    checked: gathered.catalogue?.from ?? null,
    selection: gathered.selection,
    not_exposed: notExposed(gathered),
    warnings: warningsOf(gathered, plan),
    variables: unsetVariables(resolved, io),
    operators: operatorsToAdd(resolved),
    git_ignore: ignored.to_add,
    next: nextLines(resolved, plan, io),
    ...tried,
  }
  const tools = (plan.contract.capabilities ?? []).map(({ name }) => name)
  const snippet = guided ? (plan.files.find(({ path }) => path.endsWith('claude-desktop.json'))?.content ?? null) : null
  return {
    document,
    render: (view) => renderOnboarding({ ...document, snippet, tools }, view),
    exit_code: tried.first_call?.ok === false ? 1 : 0,
  }
}

interface Ignored {
  /** To write together with the others. */
  readonly files: readonly FileToWrite[]
  /** Lines that somebody should add. */
  readonly to_add: readonly string[]
}

/** The ledger and the passwords must not be committed; whose file that says so is, is asked. */
async function ignore(folder: string, { asks, force }: { asks: boolean; force: boolean }, io: Io): Promise<Ignored> {
  const lacking = gitIgnoreOf(folder)
  if (lacking === undefined) return { files: [], to_add: [] }
  const agreed = asks ? await io.confirm(`Add ${lacking.missing.join(' and ')} to .gitignore?`) : force
  return agreed
    ? { files: [{ path: lacking.path, content: lacking.content }], to_add: [] }
    : { files: [], to_add: lacking.missing }
}
