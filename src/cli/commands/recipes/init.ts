import { defineCommand } from '../../command.js'
import { flag, text } from '../../options.js'

/** `recipes init`. */
export const recipesInit = defineCommand({
  name: 'recipes init',
  summary: 'Write the contract of a recipe, and the SQL of its table.',
  details: 'Overwrites nothing unasked.',
  needs: 'nothing',
  args: [{ name: 'recipe', summary: 'A name of recipes list, or a file.' }],
  options: {
    output: text('-o, --output <file>', 'The contract. Default: synapsor.runner.json.'),
    env_prefix: text('--env-prefix <NAME>', 'Names its variables NAME_READ_URL and NAME_WRITE_URL.'),
    force: flag('--force', 'Overwrite what is there.'),
    yes: flag('-y, --yes', 'Do not ask.'),
  },
  examples: ['recipes init billing.late_fee_waiver', 'recipes init orders.refund_review --output orders.json'],
  async run({ args, options }, io) {
    const { initRecipe } = await import('../../recipes/init.js')
    return initRecipe(args.recipe ?? '', options, io)
  },
})
