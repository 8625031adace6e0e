import { defineCommand } from '../../command.js'
import { size } from '../../text/size.js'

/** `ledger vacuum`. */
export const ledgerVacuum = defineCommand({
  name: 'ledger vacuum',
  aliases: ['store vacuum'],
  summary: 'Give the space of what was erased back, and overwrite it.',
  details: 'Others wait until it is done, which takes as long as the ledger is large.',
  needs: 'runner',
  examples: ['ledger vacuum'],
  async run({ runner: open }) {
    const { ledger } = await open()
    const { bytes: bytes_before } = await ledger.stats()
    await ledger.vacuum()
    const { bytes } = await ledger.stats()
    return {
      document: { bytes_before, bytes },
      render: () => `The ledger has ${size(bytes)} now; before, it had ${size(bytes_before)}.`,
    }
  },
})
