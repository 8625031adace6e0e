import { CALL_ARGS, CALL_OPTIONS } from '../call/options.js'
import { defineCommand } from '../command.js'

/** `propose`. */
export const proposeCommand = defineCommand({
  name: 'propose',
  summary: 'Propose a change as an agent would.',
  details:
    'As call, for capabilities that propose. Nothing is written to a source: people decide on exactly what is shown.',
  needs: 'runner',
  args: CALL_ARGS,
  options: CALL_OPTIONS,
  examples: [
    'propose billing.propose_late_fee_waiver --sample',
    'propose billing.propose_late_fee_waiver invoice_id=INV-3001 reason="Sent to an old address."',
  ],
  async run(call, io) {
    const { runCall } = await import('../call/run.js')
    return runCall(call, io, { verb: 'propose' })
  },
})
