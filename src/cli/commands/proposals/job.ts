import { defineCommand } from '../../command.js'
import { writePrivate } from '../../files.js'
import { resolveId } from '../../latest.js'
import { flag, text } from '../../options.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `proposals job`. */
export const proposalsJob = defineCommand({
  name: 'proposals job',
  aliases: ['proposals writeback-job'],
  summary: 'Export an approved change for another process.',
  details: 'The job may be applied for 15 minutes, with apply --job, through the ledger that issued it.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A proposal, or latest.' }],
  options: {
    output: text('-o, --output <file>', 'Write it there, readable by you alone, instead of on stdout.'),
    v1: flag('--v1', 'As a job of protocol version 1.0.'),
  },
  examples: ['proposals job latest --output job.json', 'apply --job job.json'],
  async run({ args, options, runner: open }, io) {
    const runner = await open()
    const exported = await runner.exportJob(await resolveId(args.id ?? '', 'proposal', runner, io))
    const job = options.v1 === true ? (await import('../../../index.js')).renderV1(exported) : exported
    const text = JSON.stringify(job, null, 2)
    if (options.output === undefined) return { document: job, render: () => text }
    const file = writePrivate(options.output, `${text}\n`, io)
    return {
      document: job,
      render: () =>
        `Written to ${escapeUntrusted(file)}.\n  synapsor-runner apply --job ${escapeUntrusted(options.output ?? '')}`,
    }
  },
})
