/** What was given, without what was not: for options whose absence means a default. */
export function given<Fields extends Readonly<Record<string, unknown>>>(
  fields: Fields,
): { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  // What is left has the names it had, and none of them is undefined.
  return Object.fromEntries(present) as { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }
}
