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

/** By the words that a question has alone. */
export type WizardAnswers = Readonly<Record<string, WizardAnswer>>

/**
 * Answers whatever is asked, in whichever order, until the program ends; gives its exit code.
 *
 * @throws Error for a question that is not listed.
 */
export async function answerWizard(at: Terminal, answers: WizardAnswers): Promise<number | null> {
  while (await isAsked(at)) {
    const asked = [...at.shown().matchAll(QUESTION)].at(-1)?.[1] ?? ''
    const [question, given] = Object.entries(answers).find(([words]) => asked.includes(words)) ?? []
    if (question === undefined || given === undefined) throw new Error(`Nobody knows an answer: ${asked}`)
    await answer(at, question, given)
  }
  return at.ended
}

/** Marked so while it waits for an answer, and otherwise once it has one. */
const QUESTION = /◆ {2}([^\n]+)\n/g

/** Waits for the next question, or for the end. */
function isAsked(at: Terminal): Promise<boolean> {
  return at.see(new RegExp(QUESTION.source)).then(
    () => true,
    () => false,
  )
}

async function answer(at: Terminal, question: string, given: WizardAnswer): Promise<void> {
  if (given === 'as proposed') return at.type(KEYS.enter)
  if ('type' in given) return at.type(`${given.type}${KEYS.enter}`)
  if ('toggle' in given) return toggle(at, question, given.toggle)
  if ('search' in given) {
    at.type(given.search)
    await at.see(`Search: ${given.search}█`)
  }
  await moveTo(at, question, 'search' in given ? given.search : given.pick)
  at.type(KEYS.enter)
}

/** Whatever is looked for is at most so many keys away. */
const MOST_KEYS = 60

/** Nothing that is shown takes as long, however busy the machine is. */
const MOST_MOMENTS = 500

/** Goes down a list until the one that is meant is the marked one. */
async function moveTo(at: Terminal, question: string, wanted: string): Promise<void> {
  await settled(at)
  for (let keys = 0; keys < MOST_KEYS; keys += 1) {
    const since = at.shown().slice(at.shown().lastIndexOf(question))
    const marked = [...since.matchAll(/● ([^\n]*)/g)].at(-1)?.[1] ?? ''
    if (marked === wanted || marked.startsWith(`${wanted} (`)) return
    await goDown(at)
  }
  throw new Error(`${wanted} is not in the list:\n${at.shown()}`)
}

/** A list begins at its first line, and shows more of itself while somebody goes down. */
async function toggle(at: Terminal, question: string, names: readonly string[]): Promise<void> {
  await settled(at)
  let place = 0
  for (const name of names) {
    for (let keys = 0; !listed(at, question).includes(name); keys += 1) {
      if (keys > MOST_KEYS) throw new Error(`${name} is not in the list:\n${at.shown()}`)
      await goDown(at)
      place += 1
    }
    const wanted = listed(at, question).indexOf(name)
    at.type((wanted < place ? KEYS.up : KEYS.down).repeat(Math.abs(wanted - place)))
    at.type(KEYS.space)
    place = wanted
  }
  at.type(KEYS.enter)
}

/** The lines of a list, in their order, as far as they were shown. */
function listed(at: Terminal, question: string): readonly string[] {
  const shown = at.shown()
  const lines = [...shown.slice(shown.indexOf(question)).matchAll(/[◻◼] (\w+)\W/g)].map(([, name = '']) => name)
  return [...new Set(lines)]
}

/** One line, and sees it done: a key that is still on its way would move whatever is marked by then. */
async function goDown(at: Terminal): Promise<void> {
  const before = at.shown()
  at.type(KEYS.down)
  for (let waited = 0; at.shown() === before; waited += 1) {
    if (waited > MOST_MOMENTS) throw new Error(`Nothing moves:\n${before}`)
    await aMoment()
  }
  await settled(at)
}

/** Waits until nothing more is shown. */
async function settled(at: Terminal): Promise<void> {
  for (let before = ''; before !== at.shown(); ) {
    before = at.shown()
    await aMoment()
  }
}

function aMoment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 40))
}
