import { KEYS, type Terminal } from './terminal.js'

/** How somebody answers a question who sees what stands at the terminal. */
export type WizardAnswer =
  | 'as proposed'
  | { readonly type: string }
  /** Moves to this one of a list. */
  | { readonly pick: string }
  /** Finds this one of a long list by typing. */
  | { readonly search: string }
  /** Ticks these, or takes their ticks away. */
  | { readonly toggle: readonly string[] }

/** By what a question begins with, or contains. */
export type WizardAnswers = Readonly<Record<string, WizardAnswer>>

/**
 * Answers whatever is asked, in whichever order, until the program ends; gives its exit code. What is not listed is
 * taken as proposed, so that `questions` has to hold the beginning of each question that can come.
 */
export async function answerWizard(at: Terminal, answers: WizardAnswers): Promise<number | null> {
  let open = Object.keys(answers)
  while (open.length > 0) {
    const asked = at.see(new RegExp(open.map(literally).join('|'))).then(() => 'asked' as const)
    const seen = await Promise.race([asked.catch(() => 'ended' as const), at.ended.then(() => 'ended' as const)])
    if (seen === 'ended') break
    const question = latest(open, at.shown())
    open = open.filter((each) => each !== question)
    await answer(at, question, answers[question] ?? 'as proposed')
  }
  return at.ended
}

/** Every question is shown again when it is answered; the newest of those that are open is the one that waits. */
function latest(open: readonly string[], shown: string): string {
  const places = open.map((question) => [shown.lastIndexOf(question), question] as const)
  return places.sort(([one], [other]) => other - one)[0]?.[1] ?? ''
}

async function answer(at: Terminal, question: string, given: WizardAnswer): Promise<void> {
  if (given === 'as proposed') return at.type(KEYS.enter)
  if ('type' in given) return at.type(`${given.type}${KEYS.enter}`)
  if ('toggle' in given) return toggle(at, question, given.toggle)
  const wanted = 'search' in given ? given.search : given.pick
  if ('search' in given) at.type(given.search)
  await moveTo(at, wanted)
  at.type(KEYS.enter)
}

/** Whatever is looked for is at most so many keys away. */
const MOST_KEYS = 60

/** Goes down a list until the one that is meant is the marked one. */
async function moveTo(at: Terminal, wanted: string): Promise<void> {
  for (let keys = 0; keys < MOST_KEYS; keys += 1) {
    await settled(at)
    const marked = [...at.shown().matchAll(/● ([^\n]*)/g)].at(-1)?.[1] ?? ''
    if (marked === wanted || marked.startsWith(`${wanted} (`)) return
    at.type(KEYS.down)
  }
  throw new Error(`${wanted} is not in the list:\n${at.shown()}`)
}

/** A list begins at its first line, and shows more of itself while somebody goes down. */
async function toggle(at: Terminal, question: string, names: readonly string[]): Promise<void> {
  let place = 0
  for (const name of names) {
    const from = place
    for (let keys = 0; !listed(at, question).includes(name); keys += 1) {
      if (keys > MOST_KEYS) throw new Error(`${name} is not in the list:\n${at.shown()}`)
      at.type(KEYS.down)
      place += 1
      await settled(at)
    }
    const wanted = listed(at, question).indexOf(name)
    const key = wanted < place ? KEYS.up : KEYS.down
    at.type(key.repeat(Math.abs(wanted - place)))
    at.type(KEYS.space)
    place = wanted
    if (from > wanted) await settled(at)
  }
  at.type(KEYS.enter)
}

/** The lines of a list, in their order, as far as they were shown. */
function listed(at: Terminal, question: string): readonly string[] {
  const shown = at.shown()
  const lines = [...shown.slice(shown.indexOf(question)).matchAll(/[◻◼] (\w+)/g)].map(([, name = '']) => name)
  return [...new Set(lines)]
}

/** Waits until nothing more is shown. */
async function settled(at: Terminal): Promise<void> {
  for (let before = ''; before !== at.shown(); ) {
    before = at.shown()
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
