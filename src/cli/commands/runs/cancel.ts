import { defineCommand } from '../../command.js'
import { agreed } from '../../decider.js'
import { resolveId } from '../../latest.js'
import { flag } from '../../options.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `runs cancel`. */
export const runsCancel = defineCommand({
  name: 'runs cancel',
  summary: 'End one run for good.',
  details:
    'What it proposed and nobody has decided on is withdrawn. What is approved already stays so: proposals revoke takes that back.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A run, or latest.' }],
  options: { yes: flag('-y, --yes', 'Do not ask.') },
  examples: ['runs cancel run_…'],
  async run({ args, options: { yes = false }, json, runner: open }, io) {
    const runner = await open()
    const id = await resolveId(args.id ?? '', 'run', runner, io)
    const next = 'Look at it with runs show, then give --yes.'
    if (!(await agreed(`End ${escapeUntrusted(id)} for good?`, { yes, json, io, next }))) {
      return { document: await runner.runs.get(id), render: () => 'Nothing was changed.', exit_code: 1 }
    }
    const run = await runner.cancel(id)
    return { document: run, render: () => escapeUntrusted(`${run.run_id} is ${run.status}.`) }
  },
})
