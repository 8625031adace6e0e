/**
 * `--json` of these took their input in older releases: a value that begins as an object does is still that. Everywhere
 * else, and without such a value, it asks for JSON on stdout.
 */
const TAKE_INPUT: readonly (readonly string[])[] = [['propose'], ['call'], ['smoke', 'call']]

/** Turns what older scripts write into what the commands are written with today. */
export function normalize(argv: readonly string[]): readonly string[] {
  if (!TAKE_INPUT.some((words) => words.every((word, place) => argv[place] === word))) return argv
  return argv.flatMap((word, place) => {
    const value = argv[place + 1]
    if (word === '--json' && value?.trimStart().startsWith('{') === true) return ['--input']
    return word.startsWith('--json={') ? ['--input', word.slice('--json='.length)] : [word]
  })
}
