/** The reviewer and the operator: each a process of its own, with no more than what it needs. */
import * as z from 'zod'
import { type Ended, runCommandLine } from '../reference/command-line.js'
import { short } from '../reference/short.js'

type Env = Readonly<Record<string, string>>

const shown = z.object({ id: z.string(), hash: z.string() })

// #region decide
/** Somebody looks at the newest proposal, and approves exactly what was shown. Gives its id. */
export async function approveLatest(env: Env, person: string): Promise<string> {
  const { stdout } = await succeeded(['proposals', 'show', 'latest', '--json'], env)
  const { id, hash } = shown.parse(JSON.parse(stdout))
  await succeeded(['proposals', 'approve', id, '--hash', hash, '--as', person, '--yes'], env)
  console.log(`$ synapsor-runner proposals approve ${short(id)} --as ${person}`)
  return id
}

/** The operator applies what was approved, and prints the status of the receipt. */
export async function applyNow(env: Env, id: string): Promise<void> {
  const { stdout, exitCode } = await runCommandLine(['apply', id, '--json'], env)
  const receipt = z.object({ status: z.string() }).parse(JSON.parse(stdout))
  console.log(`$ synapsor-runner apply ${short(id)}\n${receipt.status}, exit code ${exitCode}`)
}
// #endregion

async function succeeded(words: readonly string[], env: Env): Promise<Ended> {
  const ended = await runCommandLine(words, env)
  if (ended.exitCode !== 0) throw new Error(`${words.join(' ')} failed: ${ended.stderr}`)
  return ended
}
