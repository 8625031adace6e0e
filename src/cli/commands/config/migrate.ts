import { defineCommand } from '../../command.js'
import { CONTRACT_OPTIONS, parseTree, readContractFile } from '../../contract-file.js'
import { writeShared } from '../../files.js'
import { flag, text } from '../../options.js'
import { renderJson } from '../../text/json.js'
import { usageError } from '../../usage-error.js'

/** `config migrate`. */
export const configMigrate = defineCommand({
  name: 'config migrate',
  summary: 'Rewrite an older contract in the spelling of today.',
  details:
    'Every change is listed and nothing is guessed: what cannot be known is left for you, and exits 1. Without --output and --write the new contract goes to stdout, and the list of changes to stderr.',
  needs: 'nothing',
  options: {
    ...CONTRACT_OPTIONS,
    output: text('-o, --output <file>', 'Write it there.'),
    write: flag('--write', 'Write it over the old one.'),
  },
  examples: ['config migrate', 'config migrate --write'],
  async run({ options }, io) {
    if (options.output !== undefined && options.write === true) {
      throw usageError('Two places to write to are given.', 'Give --output or --write.')
    }
    const file = await readContractFile(options.config, io)
    const { migrateConfig } = await import('../../../contract/migrate.js')
    const { validateConfig } = await import('../../../contract/validate.js')
    const { config, changes } = migrateConfig(await parseTree(file))
    const { errors } = validateConfig(config)
    const content = renderJson(config)
    const target = options.write === true ? file.path : options.output
    // A file with nothing to change keeps its own layout.
    const isKept = options.write === true && changes.length === 0
    const written = target === undefined || isKept ? null : writeShared(target, `${content}\n`, io)
    const { renderMigration } = await import('../../text/migration.js')
    return {
      document: { file: written, changes, errors, config },
      render: (view) => {
        const story = renderMigration({ name: file.name, written, changes, errors }, view)
        if (target !== undefined) return story
        io.err(`${story}\n\n`)
        return content
      },
      exit_code: errors.length === 0 ? 0 : 1,
    }
  },
})
