import { RunnerError } from '../errors.js'
import type { Approver } from '../policy/decide.js'
import { samePerson } from '../protocol/identity.js'
import type { People } from './ports.js'

/** Characters that nobody sees have no place in a name that decides. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{C}]/u

/** An app's own users: who they are and which roles they hold at this moment, `undefined` for nobody. */
export type Approvers = (
  id: string,
  about: { readonly tenant_id: string },
) => Promise<{ readonly id: string; readonly roles: readonly string[] } | undefined>

type Operators = Readonly<Record<string, { readonly roles: readonly string[] }>>

/**
 * Says who may be believed about roles: the `operators` of the contract, or the host's `approvers`, or, where there is
 * neither, the host's own word with each call.
 */
export function createPeople(operators: Operators | undefined, approvers: Approvers | undefined): People {
  if (operators !== undefined) return listedPeople(operators)
  return approvers === undefined ? vouchedPeople() : askedPeople(approvers)
}

function listedPeople(operators: Operators): People {
  const known = new Map(Object.entries(operators))
  const find = async (id: string): Promise<Approver> => {
    const entry = known.get(id)
    if (entry === undefined) throw unknown(id)
    return { id, roles: entry.roles }
  }
  return { identify: async (claim) => find(checkId(claim)), identifyAgain: (recorded) => find(recorded.id) }
}

function askedPeople(approvers: Approvers): People {
  const ask = async (id: string, about: { readonly tenant_id: string }): Promise<Approver> => {
    const found = await askApp(approvers, id, about)
    if (found === undefined || !samePerson(found.id, id)) throw unknown(id)
    return { id: found.id, roles: rolesOf(found.roles) }
  }
  return {
    identify: async (claim, about) => ask(checkId(claim), about),
    identifyAgain: (recorded, about) => ask(recorded.id, about),
  }
}

function vouchedPeople(): People {
  return {
    identify: async (claim) => ({ id: checkId(claim), roles: rolesOf(claim.roles ?? []) }),
    identifyAgain: async (recorded) => recorded,
  }
}

/** What the app throws may hold anything, so that only its cause keeps it. */
async function askApp(approvers: Approvers, id: string, about: { readonly tenant_id: string }) {
  try {
    return await approvers(id, about)
  } catch (cause) {
    throw new RunnerError('BUSY', 'The app could not say who the approver is.', { cause })
  }
}

function rolesOf(roles: unknown): readonly string[] {
  if (Array.isArray(roles) && roles.every((role) => typeof role === 'string')) return Object.freeze([...roles])
  throw new RunnerError('APPROVER_UNKNOWN', 'The roles of the approver are not a list of names.')
}

function checkId(claim: { readonly id: unknown } | undefined): string {
  const id = claim?.id
  if (typeof id === 'string' && id.trim() !== '' && id.length <= 256 && !INVISIBLE.test(id)) return id
  throw new RunnerError('APPROVER_UNKNOWN', 'A decision needs the id of the person who makes it.')
}

function unknown(id: string): RunnerError {
  return new RunnerError('APPROVER_UNKNOWN', 'The approver is not known here.', { details: { approver: id } })
}
