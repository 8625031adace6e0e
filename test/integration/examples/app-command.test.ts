import { expect, it } from 'vitest'
import { PATIENT, printedIn, runExample } from './example.js'

it('examples/app-command tells what its page says', PATIENT, async () => {
  const { exitCode, stdout, stderr } = await runExample('app-command')

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toBe(printedIn('app-command'))
})
