import { defineCommand } from '../../command.js'
import { CONTRACT_OPTIONS } from '../../contract-file.js'
import { readJson } from '../../files.js'
import { contractPath } from '../../open-runner.js'
import { text } from '../../options.js'

/** `contract test`. */
export const contractTest = defineCommand({
  name: 'contract test',
  summary: 'Make the calls of a file of cases, and hold what becomes of each against what the file says.',
  details: [
    'Against the sources themselves, through the reader: nothing is written to them. Evidence and proposals are kept in memory and end with the command; rate limits do not count. The file is synapsor.contract-cases.v1:',
    '',
    '  { "schema_version": "synapsor.contract-cases.v1",',
    '    "cases": [',
    '      { "name": "no invoice of another tenant",',
    '        "capability": "billing.inspect_invoice",',
    '        "args": { "invoice_id": "INV-9001" },',
    '        "expect": { "refused": "NOT_FOUND" } } ] }',
    '',
    'A case expects one of refused (a code, or { code, argument }), proposed ({ column: value or { before, after } }, all of them unless "partial": true stands beside it) and read ({ row_count, columns }). It has a context of { tenant_id, principal } where the contract takes that from the host. Exits 1 where a case fails.',
  ].join('\n'),
  needs: 'nothing',
  args: [{ name: 'cases', summary: 'The file of cases.' }],
  options: { ...CONTRACT_OPTIONS, filter: text('--filter <text>', 'Only cases whose name holds this text.') },
  examples: ['contract test cases.json', 'contract test cases.json --filter tenant --json'],
  async run({ args, options }, io) {
    const cases = readJson(args.cases ?? '', io)
    const { runCases } = await import('../../contract-test.js')
    const report = await runCases(contractPath(options.config, io), cases, { filter: options.filter, io })
    const { renderContractTest } = await import('../../text/contract-test.js')
    return {
      document: report,
      render: (view) => renderContractTest(report, view),
      exit_code: report.ok ? 0 : 1,
    }
  },
})
