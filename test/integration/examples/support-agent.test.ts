import { expect, it } from 'vitest'
import { leftInPostgres, PATIENT, printedIn, runExample } from './example.js'

it('examples/support-agent tells what its page says, and leaves nothing behind', PATIENT, async () => {
  const { exitCode, stdout } = await runExample('support-agent')

  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: printedIn('support-agent') })
  expect(await leftInPostgres('support_agent_')).toEqual([])
})
