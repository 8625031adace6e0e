import { defineCommand } from '../../command.js'
import { flag, text } from '../../options.js'

/** `smoke`. */
export const smokeRun = defineCommand({
  name: 'smoke run',
  summary: 'Try the set-up as an agent would: read, propose, and see that the source is unchanged.',
  details:
    'With the examples of the contract, and over them what .synapsor/smoke-input.json beside it holds. The proposal is withdrawn again. Exits 1 when anything is refused.',
  needs: 'runner',
  is_default: true,
  options: {
    read: text('--read <capability>', 'What to read. Default: the first with an example.'),
    propose: text('--propose <capability>', 'What to propose. Default: the first with an example.'),
    input: text('--input <json>', 'Arguments as JSON, or the file of them; each capability takes those it knows.'),
    keep: flag('--keep', 'Leave the proposal for people to decide.'),
  },
  examples: ['smoke', `smoke --input '{"invoice_id":"INV-3001"}' --keep`],
  async run({ runner: open, options, config_path }, io) {
    const [{ pickSamples, readValues }, { runSmoke }, { renderSmoke }, { contractSession }] = await Promise.all([
      import('../../smoke/sample.js'),
      import('../../smoke/run-smoke.js'),
      import('../../smoke/render-smoke.js'),
      import('../../session.js'),
    ])
    const runner = await open()
    const values = readValues(options.input, config_path, io)
    const samples = pickSamples(runner.config, { read: options.read, proposal: options.propose, values })
    const result = await runSmoke({ runner, session: contractSession(runner) }, samples, options.keep === true)
    return { document: result, render: (view) => renderSmoke(result, view), exit_code: result.ok ? 0 : 1 }
  },
})
