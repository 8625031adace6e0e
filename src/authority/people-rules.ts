import type { Judge, Rules } from './change.js'
import { members, one, toggle, whole } from './judges.js'

/** Without a list, whoever the host vouches for may decide. */
const anybody: Judge = (before, after) => {
  if (before === undefined) return one('shrank', 'Only the operators of the contract may decide now.')
  if (after === undefined) return one('grew', 'Whoever the host vouches for may decide: no operators are listed.')
  return []
}

export const OPERATOR_RULES: Rules = {
  judge: anybody,
  each: {
    judge: whole('operator'),
    keys: {
      roles: {
        judge: members({
          what: 'The roles',
          absent: 'none',
          adding: 'grew',
          added: (roles) => `One more role is held: ${roles}.`,
          removed: (roles) => `One role less is held: ${roles}.`,
        }),
      },
    },
  },
}

export const APPROVALS_RULES: Rules = {
  keys: {
    separation_of_duties: {
      judge: toggle('Whether the proposer may not approve, unless a capability says so itself,', 'shrank', true),
    },
  },
}
