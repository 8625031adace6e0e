import { defineCommand } from '../../command.js'
import { resolveId } from '../../latest.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `runs cancel`. */
export const runsCancel = defineCommand({
  name: 'runs cancel',
  summary: 'End one run for good.',
  details:
    'What it proposed and nobody has decided on is withdrawn. What is approved already stays so: proposals revoke takes that back.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A run, or latest.' }],
  examples: ['runs cancel run_…'],
  async run({ args, runner: open }, io) {
    const runner = await open()
    const run = await runner.cancel(await resolveId(args.id ?? '', 'run', runner, io))
    return { document: run, render: () => escapeUntrusted(`${run.run_id} is ${run.status}.`) }
  },
})
