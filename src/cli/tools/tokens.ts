/** How many characters a token stands for, roughly, in English and in JSON. */
const CHARACTERS = 4

/** About how many tokens a text costs. An estimate: each model counts its own way. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS)
}
