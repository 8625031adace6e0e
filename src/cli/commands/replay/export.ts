import { defineCommand } from '../../command.js'
import { writePrivate } from '../../files.js'
import { resolveId } from '../../latest.js'
import { choice, text } from '../../options.js'
import { escapeUntrusted } from '../../untrusted-text.js'
import { needed } from '../../usage-error.js'

/** `replay export`. */
export const replayExport = defineCommand({
  name: 'replay export',
  summary: 'Write the story of a proposal or a run to a file.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A proposal, a run (run_…), or latest, which is the newest proposal.' }],
  options: {
    output: text('-o, --output <file>', 'Where to. Readable by you alone.'),
    format: choice('--format <format>', 'Default: json where the file is called so, else markdown.', [
      'markdown',
      'json',
    ]),
  },
  examples: ['replay export latest --output story.md'],
  async run({ args, options, runner: open }, io) {
    const output = needed(options.output, 'The file', 'Give --output <file>.')
    const runner = await open()
    const story = await runner.replay<string>(await resolveId(args.id ?? '', 'proposal', runner, io))
    const format = options.format ?? (output.endsWith('.json') ? 'json' : 'markdown')
    const content = runner.renderReplay(story, format)
    const file = writePrivate(output, content.endsWith('\n') ? content : `${content}\n`, io)
    return { document: { file, format }, render: () => `Written to ${escapeUntrusted(file)}.` }
  },
})
