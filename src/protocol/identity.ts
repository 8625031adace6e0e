/** Characters that nobody sees: two names that differ only in them are one name to a reader. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{C}]/gu

/**
 * One person written in two ways is still one person: separation of duties and quorum count people, not spellings.
 */
export function canonicalIdentity(id: string): string {
  return id
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
}

export function samePerson(a: string, b: string): boolean {
  return canonicalIdentity(a) === canonicalIdentity(b)
}
