import { defineCommand } from '../command.js'
import { INIT_OPTIONS } from '../onboarding/options.js'

/** `init`. */
export const initCommand = defineCommand({
  name: 'init',
  summary: 'Write a contract for one table, and what goes with it.',
  details:
    'By flags, by --spec, or by questions at a terminal: the same answers give the same contract. Where the variable of --from-env is set, every name is checked against the database; no row is read. Writes all of its files or none, and overwrites nothing unasked.',
  needs: 'nothing',
  options: INIT_OPTIONS,
  examples: [
    'init',
    'init --from-env DATABASE_URL --table invoices --yes',
    'init --engine sqlite --path shop.db --table invoices --primary-key id --tenant-key tenant_id --visible-columns id,total_cents,note --conflict-column version --patch note=arg:note',
  ],
  async run({ options }, io) {
    const { runOnboarding } = await import('../onboarding/run.js')
    return runOnboarding(options, { guided: false }, io)
  },
})
