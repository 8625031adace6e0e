import { CALL_ARGS, CALL_OPTIONS } from '../call/options.js'
import { defineCommand } from '../command.js'

/** `call`. */
export const callCommand = defineCommand({
  name: 'call',
  aliases: ['smoke call'],
  summary: 'Call a capability as an agent would.',
  details:
    'In the context of the contract itself. A read leaves evidence, a proposal waits for people, a workflow starts a run or goes on with run_id=…; nothing is written to a source. Values are what their arguments are declared as; name:=… takes JSON. Exits 1 for a refusal.',
  needs: 'runner',
  args: CALL_ARGS,
  options: CALL_OPTIONS,
  examples: [
    'call billing.inspect_invoice invoice_id=INV-3001',
    'call billing.inspect_invoice --sample',
    `call billing.inspect_invoice --input '{"invoice_id":"INV-3001"}'`,
  ],
  async run(call, io) {
    const { runCall } = await import('../call/run.js')
    return runCall(call, io, { verb: 'call' })
  },
})
