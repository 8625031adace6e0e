import { defineCommand } from '../command.js'

/** `doctor`. */
export const doctorCommand = defineCommand({
  name: 'doctor',
  aliases: ['runner doctor'],
  summary: 'Look the whole set-up over: the ledger, the sources, the environment, each capability against its table.',
  details: 'Writes nothing. Exits 1 where something will be refused.',
  needs: 'runner',
  examples: ['doctor', 'doctor --json'],
  async run({ runner: open }) {
    const runner = await open()
    const findings = await runner.doctor()
    const { renderFindings } = await import('../text/findings.js')
    return {
      document: { findings },
      render: (view) => renderFindings(findings, view),
      exit_code: findings.some(({ severity }) => severity === 'error') ? 1 : 0,
    }
  },
})
