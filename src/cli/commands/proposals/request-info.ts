import { defineCommand } from '../../command.js'
import { deciderOf, withOperatorLines } from '../../decider.js'
import { resolveId } from '../../latest.js'
import { text } from '../../options.js'
import { escapeUntrusted } from '../../untrusted-text.js'
import { needed } from '../../usage-error.js'

/** `proposals request-info`. */
export const proposalsRequestInfo = defineCommand({
  name: 'proposals request-info',
  summary: 'Ask whoever proposed for more.',
  details: 'The proposal stays pending and can only be rejected. The answer is a new proposal in its place.',
  needs: 'runner',
  decides: true,
  args: [{ name: 'id', summary: 'A proposal, or latest.' }],
  options: { question: text('--question <text>', 'At most 2000 characters, shown to the agent.') },
  examples: ['proposals request-info latest --as carol --question "Which contract allows this?"'],
  async run(call, io) {
    const approver = deciderOf(call)
    const question = needed(call.options.question, 'The question', 'Give --question <text>.')
    const runner = await call.runner()
    const id = await resolveId(call.args.id ?? '', 'proposal', runner, io)
    const asked = await withOperatorLines(call, () => runner.requestInformation(id, { approver, question }))
    return { document: asked, render: () => `${escapeUntrusted(asked.id)} waits for an answer.\n${asked.next}` }
  },
})
