/** Statements that take a right of PostgreSQL from whoever holds it. */
import { quote } from '../sql/postgres.js'
import type { PrivilegesAnswer } from './postgres-privileges-answer.js'

type Named = Pick<PrivilegesAnswer, 'name'>

/** Who has a right: everybody, the role itself, or one that it could become. */
export interface Holder {
  readonly public?: boolean
  readonly self: boolean
  readonly role: string | null
  readonly hops: readonly string[]
}

export function throughOf(holder: Holder): string | null {
  if (holder.public === true) return 'public'
  return holder.self ? null : `role ${quote(holder.role ?? '')}`
}

/** Statements that end the right, where it is held. */
export function revokeFrom({ name }: Named, holder: Holder, what: string): readonly string[] {
  if (holder.public === true) return [`revoke ${what} from public;`]
  return holder.self ? [`revoke ${what} from ${quote(name)};`] : leave({ name }, holder.hops)
}

/** Takes away the memberships that lead to a role, not what the role itself may do: others have it too. */
export function leave({ name }: Named, hops: readonly string[]): readonly string[] {
  return hops.map((hop) => `revoke ${quote(hop)} from ${quote(name)};`)
}
