import { expect, it } from 'vitest'
import { leftInMariadb, PATIENT, printedIn, runExample } from './example.js'

it('examples/orders-mariadb tells what its page says, and leaves nothing behind', PATIENT, async () => {
  const { exitCode, stdout } = await runExample('orders-mariadb')

  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: printedIn('orders-mariadb') })
  expect(await leftInMariadb('orders_mariadb_')).toEqual([])
})
