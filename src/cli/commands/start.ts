import { defineCommand } from '../command.js'
import { START_OPTIONS } from '../onboarding/options.js'

/** `start`, also `onboard db`. */
export const startCommand = defineCommand({
  name: 'start',
  aliases: ['onboard db'],
  summary: 'Go from a database to a first call: look at it, choose, write, check.',
  details:
    'Asks its questions at a terminal. Elsewhere give --yes, which takes what the catalogue suggests, or the flags of init. Then runs doctor, makes a first call where --object-id names a real row, and prints what an MCP client is given.',
  needs: 'nothing',
  options: START_OPTIONS,
  examples: ['start --from-env DATABASE_URL', 'start --path shop.db --table invoices --yes --object-id INV-3001'],
  async run({ options }, io) {
    const { runStart } = await import('../onboarding/start.js')
    return runStart(options, io)
  },
})
