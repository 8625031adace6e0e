import { createFunctionTools } from '../../../adapters/function-calling/index.js'
import type { Session, ToolOptions } from '../../../src/index.js'
import { type AdapterPage, nameAnswers, onlyAnswer } from './shown.js'
import type { ModelCall } from './world.js'

export const functionCalling: AdapterPage = {
  contract: {
    row: { fee: 5500 },
    inspect: { args: { invoice_id: { type: 'string' } } },
    propose: {
      name: 'billing.propose_waiver',
      args: { invoice_id: { type: 'string' }, fee: { type: 'integer', minimum: 0 } },
      patch: { fee: { from_arg: 'fee' } },
    },
    args: { invoice_id: 'INV-3001', fee: 0 },
  },
  show: async ({ session, calls, desk }, inline_evidence) => {
    const { tools, answers } = await ask(session, { inline_evidence }, Object.values(calls))
    const { read, proposal, refusal } = nameAnswers(answers)
    const [inspect, propose] = tools
    const whole = await ask(desk.session, { inline_evidence, adapter: desk.adapter }, [desk.call])
    const [workflow] = whole.tools
    const run = onlyAnswer(whole.answers)
    return {
      blocks: { tool: propose, read, proposal, refusal, workflow, run },
      texts: {
        'the tool `billing__inspect_invoice`': JSON.stringify(inspect),
        'the tool `billing__propose_waiver`': JSON.stringify(propose),
        'the answer to a read': JSON.stringify(read),
        'the answer to a proposal': JSON.stringify(proposal),
        'a refusal': JSON.stringify(refusal),
        'the tool of a whole workflow': JSON.stringify(workflow),
        'its answer': JSON.stringify(run),
      },
    }
  },
}

/** Makes these calls, and tells what a model is shown. */
async function ask(session: Session, options: ToolOptions, calls: readonly ModelCall[]) {
  const { tools, call, toModel } = createFunctionTools(session, { format: 'anthropic', ...options })
  const answers = []
  for (const { name, args } of calls) answers.push(toModel(name, await call(name, args)))
  return { tools, answers }
}
