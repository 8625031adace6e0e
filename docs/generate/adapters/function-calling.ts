import { createFunctionTools } from '../../../adapters/function-calling/index.js'
import { type AdapterPage, nameAnswers } from './shown.js'

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
  show: async ({ session, calls }, inline_evidence) => {
    const { tools, call, toModel } = createFunctionTools(session, { format: 'anthropic', inline_evidence })
    const answers = []
    for (const { name, args } of Object.values(calls)) answers.push(toModel(name, await call(name, args)))
    const { read, proposal, refusal } = nameAnswers(answers)
    const [inspect, propose] = tools
    return {
      blocks: { tool: propose, read, proposal, refusal },
      texts: {
        'the tool `billing__inspect_invoice`': JSON.stringify(inspect),
        'the tool `billing__propose_waiver`': JSON.stringify(propose),
        'the answer to a read': JSON.stringify(read),
        'the answer to a proposal': JSON.stringify(proposal),
        'a refusal': JSON.stringify(refusal),
      },
    }
  },
}
