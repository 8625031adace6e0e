import { defineCommand } from '../../command.js'
import { resolveId } from '../../latest.js'
import { renderReceipt } from '../../text/receipt.js'

/** `receipts show`. */
export const receiptsShow = defineCommand({
  name: 'receipts show',
  summary: 'Show what became of one approved change.',
  needs: 'runner',
  args: [{ name: 'id', summary: 'A receipt, or latest.' }],
  examples: ['receipts show latest'],
  async run({ args, runner: open }, io) {
    const runner = await open()
    const receipt = await runner.receipts.get(await resolveId(args.id ?? '', 'receipt', runner, io))
    return { document: receipt, render: (view) => renderReceipt(receipt, view) }
  },
})
