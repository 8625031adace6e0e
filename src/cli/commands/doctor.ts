import { defineCommand } from '../command.js'
import { assertFree } from '../files.js'
import { flag, text } from '../options.js'

/** `doctor`. */
export const doctorCommand = defineCommand({
  name: 'doctor',
  aliases: ['runner doctor'],
  summary:
    'Look the whole set-up over: ledger, environment, what the credentials of each source may do, each capability against its table.',
  details:
    'Writes nothing. Where a statement mends what is wrong, it is printed, for an administrator of the source to read and run. Exits 1 where something will be refused, or a wall is missing.',
  needs: 'runner',
  options: {
    source: text('--source <name>', 'Only this source of the contract, and what is about none.'),
    report: text(
      '--report <file>',
      'Also write a report for others to read, Markdown or .json, without hosts, users and statements.',
    ),
    force: flag('--force', 'Replace a file that is there by the report.'),
  },
  examples: ['doctor', 'doctor --source shop', 'doctor --report doctor.md', 'doctor --json'],
  async run({ runner: open, options }, io) {
    const runner = await open()
    const { source, report, force = false } = options
    if (report !== undefined) assertFree(report, force, io)
    if (source !== undefined) {
      const { assertSource } = await import('../source-name.js')
      assertSource(runner, source)
    }
    const findings = await runner.doctor(source === undefined ? {} : { source })
    if (report !== undefined) {
      const { writeReport } = await import('../doctor/write-report.js')
      writeReport(report, { findings, config: runner.config }, io)
    }
    const { renderFindings } = await import('../text/findings.js')
    return {
      document: { findings },
      render: (view) => renderFindings(findings, view),
      exit_code: findings.some(({ severity }) => severity === 'error') ? 1 : 0,
    }
  },
})
