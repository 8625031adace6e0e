/** What a typed answer must look like. The whole selection is held against its schema afterwards. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/
const VARIABLE = /^[A-Z_][A-Z0-9_]{0,62}$/
const BOUND = /^(?:(?:-?\d+(?:\.\d+)?)?:(?:-?\d+(?:\.\d+)?)?)?$/

export function checkIdentifier(text: string): string | undefined {
  return IDENTIFIER.test(text) ? undefined : 'Letters, digits and underscores, not beginning with a digit.'
}

/** What is typed may be a URL with a password: it is not said again. */
export function checkVariable(text: string): string | undefined {
  return VARIABLE.test(text)
    ? undefined
    : 'The name of a variable, in capitals: the URL itself stays in the environment.'
}

export function checkFilled(text: string): string | undefined {
  return text.trim() === '' ? 'Give something.' : undefined
}

/** A URL would hold a password, and a file is none. */
export function checkFile(text: string): string | undefined {
  return text.includes('://') ? 'The path of a file.' : checkFilled(text)
}

export function checkBound(text: string): string | undefined {
  return BOUND.test(text.trim())
    ? undefined
    : 'Two numbers with a colon between, such as 0:10000; either may be left out.'
}
