import { defineCommand } from '../../command.js'
import { resolveId } from '../../latest.js'

/** `runs show`. */
export const runsShow = defineCommand({
  name: 'runs show',
  summary: 'Show one run: its steps, what it waits for, and who moves next.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A run, or latest.' }],
  examples: ['runs show latest'],
  async run({ args, runner: open }, io) {
    const runner = await open()
    const run = await runner.runs.get(await resolveId(args.id ?? '', 'run', runner, io))
    const { renderRun } = await import('../../text/run.js')
    return { document: run, render: (view) => renderRun(run, view) }
  },
})
