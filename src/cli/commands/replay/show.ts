import { defineCommand } from '../../command.js'
import { resolveId } from '../../latest.js'
import { choice } from '../../options.js'
import { escapeLines } from '../../text/lines.js'

/** `replay show`, and `replay` with an id behind it. */
export const replayShow = defineCommand({
  name: 'replay show',
  is_default: true,
  summary: 'Tell the story of a proposal or a run, from the ledger alone.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A proposal, a run (run_…), or latest, which is the newest proposal.' }],
  options: { format: choice('--format <format>', 'How it is told. Default: markdown.', ['markdown', 'json']) },
  examples: ['replay latest', 'replay show run_…'],
  async run({ args, options, runner: open }, io) {
    const runner = await open()
    const story = await runner.replay<string>(await resolveId(args.id ?? '', 'proposal', runner, io))
    return {
      document: story,
      render: () => escapeLines(runner.renderReplay(story, options.format ?? 'markdown')).trimEnd(),
    }
  },
})
