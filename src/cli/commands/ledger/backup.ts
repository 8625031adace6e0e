import { resolve } from 'node:path'
import { defineCommand } from '../../command.js'
import { escapeUntrusted } from '../../untrusted-text.js'

/** `ledger backup`. */
export const ledgerBackup = defineCommand({
  name: 'ledger backup',
  summary: 'Write a copy of the ledger as of now to a new file, readable by you alone.',
  details: 'Others may go on writing meanwhile.',
  needs: 'runner',
  args: [{ name: 'file', summary: 'Where to. Must not exist yet.' }],
  examples: ['ledger backup ledger-monday.db'],
  async run({ args, runner: open }, { cwd }) {
    const file = resolve(cwd, args.file ?? '')
    const runner = await open()
    await runner.ledger.backup(file)
    return { document: { file }, render: () => `Written to ${escapeUntrusted(file)}.` }
  },
})
