import type { Runner } from '../../src/index.js'
import { short } from './short.js'

/** Prints sections of the replay of one proposal, such as `Timeline`. */
export async function showReplay(
  runner: Pick<Runner, 'replay' | 'renderReplay'>,
  id: string,
  sections: readonly string[],
): Promise<void> {
  const whole = runner.renderReplay(await runner.replay(id), 'markdown')
  for (const part of whole.split('\n## ').slice(1)) {
    if (sections.some((title) => part.startsWith(title))) console.log(short(`\n## ${part.trimEnd()}`))
  }
}
