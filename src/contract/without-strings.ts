/**
 * JSON text with a blank in the place of each string, so that brackets, colons and digits in strings are passed over. No
 * regular expression: those give up on strings of some megabytes.
 */
export function withoutStrings(text: string): string {
  const pieces: string[] = []
  let from = 0
  for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', from)) {
    pieces.push(text.slice(from, open))
    from = endOfString(text, open)
  }
  return [...pieces, text.slice(from)].join(' ')
}

/** Behind the closing quote. A line break ends a string that nothing closes, as it does for who parses the text. */
function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"' || character === '\n' || character === '\r') return at + 1
    if (character === '\\') at += 1
  }
  return text.length
}
