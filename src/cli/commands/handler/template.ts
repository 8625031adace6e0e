import { defineCommand } from '../../command.js'
import { assertFree, writeShared } from '../../files.js'
import { flag, text } from '../../options.js'
import { escapeUntrusted } from '../../untrusted-text.js'
import { usageError } from '../../usage-error.js'

const NAMES = ['node-fastify', 'node-hono', 'python-fastapi', 'command']

/** `handler template`. */
export const handlerTemplate = defineCommand({
  name: 'handler template',
  summary: 'Print a file with which an app performs approved changes itself.',
  details: `Templates: ${NAMES.join(', ')}. Without a name, what each of them is.`,
  needs: 'nothing',
  args: [{ name: 'template', summary: NAMES.join(', '), optional: true }],
  options: {
    output: text('-o, --output <file>', 'Write it there.'),
    force: flag('--force', 'Replace a file that is there.'),
  },
  examples: ['handler template', 'handler template node-hono --output handler.mjs'],
  async run({ args, options, json }, io) {
    const { HANDLER_TEMPLATES } = await import('../../handler-templates/index.js')
    if (args.template === undefined) {
      const templates = Object.entries(HANDLER_TEMPLATES).map(([name, { summary }]) => ({ name, summary }))
      const lines = templates.map(({ name, summary }) => `${name.padEnd(16)}${summary}`)
      return { document: { templates }, render: () => lines.join('\n') }
    }
    const template = Object.hasOwn(HANDLER_TEMPLATES, args.template) ? HANDLER_TEMPLATES[args.template] : undefined
    if (template === undefined) {
      throw usageError('There is no template of that name.', `Give one of ${NAMES.join(', ')}.`)
    }
    const { content, install, start } = template
    if (options.output !== undefined) assertFree(options.output, options.force ?? false, io)
    const file = options.output === undefined ? null : writeShared(options.output, content, io)
    if (!json) io.err(`${install}\n${start}\n`)
    const document = { template: args.template, file, install, start, content }
    return { document, render: () => (file === null ? content.trimEnd() : `Written to ${escapeUntrusted(file)}.`) }
  },
})
