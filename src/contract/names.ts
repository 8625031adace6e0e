import * as z from 'zod'
import { once } from '../protocol/once.js'

/** PostgreSQL cuts longer names silently, so that two names of a contract could mean one column. */
const MAX_NAME = 63

/** Says in a sentence what a name must look like; it becomes the message of the problem. */
function named(pattern: RegExp, max: number, error: string) {
  return z.string().regex(pattern, { error }).max(max, { error })
}

const IDENTIFIER = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]*$/

/** Whether a contract can hold a name of the database, for code that looks at thousands of them. */
export function isIdentifier(name: string): boolean {
  return name.length <= MAX_NAME && IDENTIFIER.test(name)
}

/** A table, column, schema or argument name. */
export const identifier = once(() =>
  named(
    IDENTIFIER,
    MAX_NAME,
    'A name is letters, digits and underscores, does not begin with a digit, and has at most 63 characters.',
  ),
)

/** The name of an environment variable. Values never stand in a contract. */
export const envName = once(() =>
  named(
    /^[A-Z_][A-Z0-9_]*$/,
    MAX_NAME,
    'Give the name of an environment variable: capital letters, digits and underscores, at most 63 characters.',
  ),
)

/** The name of a source, context or executor of the contract. */
export const partName = once(() =>
  named(
    /^[A-Za-z_][A-Za-z0-9_-]*$/,
    MAX_NAME,
    'A name is letters, digits, underscores and hyphens, begins with a letter or underscore, and has at most 63 characters.',
  ),
)

/** `namespace.name`, the canonical name of a capability. */
export const capabilityName = once(() =>
  named(
    /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$/,
    128,
    'A capability is named namespace.name: letters, digits and underscores, with a dot between, at most 128 characters.',
  ),
)

/** A role or a person. Compared exactly, so no blanks at the ends that nobody sees. */
export const personName = once(() =>
  named(/^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u, 128, 'Give 1 to 128 visible characters with no blank at either end.'),
)

/** Text for people and for the model. */
export const text = once(() =>
  z
    .string()
    .min(1, { error: 'Write something here, or leave the key out.' })
    .max(4000, { error: 'Keep the text below 4000 characters.' }),
)

/** A file, relative to the folder of the contract. */
export const filePath = once(() =>
  z.string().regex(/^(?!.*:\/\/)[^\0]+$/, { error: 'Give the path of a file; a URL does not belong here.' }),
)

/** A whole number of milliseconds that a timer can wait. */
export const milliseconds = once(() => z.number().int().min(1).max(2_147_483_647))
