import { RunnerError } from '../errors.js'
import type { Runner } from '../index.js'
import type { Io } from './io.js'

const KINDS = {
  proposal: { code: 'PROPOSAL_NOT_FOUND', find: newestProposal },
  run: { code: 'RUN_NOT_FOUND', find: newestRun },
  evidence: { code: 'EVIDENCE_NOT_FOUND', find: newestEvidence },
  receipt: { code: 'RECEIPT_NOT_FOUND', find: newestReceipt },
} as const

/** Resolves `latest` to the newest object of its kind, whatever its status, and says to which. Other ids stay as they are. */
export async function resolveId(given: string, kind: keyof typeof KINDS, runner: Runner, io: Io): Promise<string> {
  if (given !== 'latest') return given
  const { code, find } = KINDS[kind]
  const found = await find(runner)
  if (found === undefined) throw new RunnerError(code, `There is no ${kind} yet.`)
  io.err(`latest is ${found}\n`)
  return found
}

async function newestProposal({ proposals }: Runner): Promise<string | undefined> {
  return (await proposals.list({ limit: 1 })).items[0]?.proposal_id
}

async function newestRun({ runs }: Runner): Promise<string | undefined> {
  return (await runs.list({ limit: 1 })).items[0]?.run_id
}

async function newestEvidence({ evidence }: Runner): Promise<string | undefined> {
  return (await evidence.list({ limit: 1 })).items[0]?.bundle_id
}

async function newestReceipt({ receipts }: Runner): Promise<string | undefined> {
  return (await receipts.list({ limit: 1 })).items[0]?.receipt_id
}
