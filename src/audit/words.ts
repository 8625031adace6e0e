/** Letters of other alphabets that look like a Latin one, so that a name cannot hide its verb behind them. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  і: 'i',
  ј: 'j',
  ѕ: 's',
  ԁ: 'd',
  һ: 'h',
  ԛ: 'q',
  ԝ: 'w',
  в: 'b',
  к: 'k',
  м: 'm',
  н: 'h',
  т: 't',
  α: 'a',
  ο: 'o',
  ρ: 'p',
  υ: 'u',
  ν: 'v',
  ι: 'i',
  κ: 'k',
  ı: 'i',
  ɡ: 'g',
}

const HIDDEN = /\p{Default_Ignorable_Code_Point}|\p{M}/gu
const NOT_LATIN = /[^\p{ASCII}]/gu
const CAMEL = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u

/**
 * The words of a name, in lower case: `runSQLQuery`, `run-sql-query` and `run_sql.query` are the same three. Full-width and
 * look-alike letters count as the Latin ones that they imitate, invisible characters as nothing.
 */
export function wordsOf(name: string): readonly string[] {
  return plain(name)
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((part) => part.split(CAMEL))
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase().replace(NOT_LATIN, (letter) => LOOKALIKES[letter] ?? letter))
}

/** The parts of a name between dots, slashes, colons and double underscores, each as its words: namespaces first. */
export function segmentsOf(name: string): readonly (readonly string[])[] {
  return name
    .split(/[./:]+|__+/)
    .map(wordsOf)
    .filter((words) => words.length > 0)
}

/** The sentences of a text, each as its words. */
export function sentencesOf(text: string): readonly (readonly string[])[] {
  return plain(text)
    .replace(/[’']/g, '')
    .split(/[.!?;\n\r]+|:\s/)
    .map(wordsOf)
    .filter((words) => words.length > 0)
}

const IS_ASCII = /^\p{ASCII}*$/u

/** Without what is hidden, and in the letters that it imitates. Up to eighteen times as long. */
export function plain(text: string): string {
  return IS_ASCII.test(text) ? text : text.normalize('NFKD').replace(HIDDEN, '')
}

/** The longest that a name is told with. */
const MOST_CHARACTERS = 128

/** A name as evidence tells it. What is longer is cut, and says so. */
export function told(name: string): string {
  if (name.length <= MOST_CHARACTERS) return name
  const kept = name.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')
  return `${kept}… (${name.length} characters)`
}
