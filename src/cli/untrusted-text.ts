/**
 * What a terminal obeys or a reader cannot see: control, format, bidi and unassigned characters, lone surrogates, line
 * breaks, blanks other than the plain one, and all that is shown as nothing. Also marks that pile up over other lines, more
 * than three on one letter, and a backslash that would look like one of our own escapes.
 */
const UNSAFE = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]|(?<=\p{M}{3})\p{M}|\\(?=u\{)/gu

/**
 * Makes text from elsewhere safe to print on one line: nothing in it moves the cursor, changes a colour, turns the
 * reading direction, breaks the line or hides. Each such character is shown as `\u{…}`, its code point in hexadecimal,
 * so two different texts never print alike for what is invisible in them.
 *
 * Not for JSON output, which machines read and `JSON.stringify` writes.
 *
 * @example
 * ```ts
 * escapeUntrusted('paid\u001b[2K\u202e') // 'paid\\u{1b}[2K\\u{202e}'
 * ```
 */
export function escapeUntrusted(text: string): string {
  return text.replace(UNSAFE, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`)
}
