import { describe, expect, it } from 'vitest'
import { fromMysqlError } from '../../../src/drivers/mysql-errors.js'
import { fromPgError } from '../../../src/drivers/postgres-errors.js'
import { fromSqliteError } from '../../../src/drivers/sqlite-errors.js'

const MAPPERS = [
  ['PostgreSQL', (error: unknown) => fromPgError(error, 'shop')],
  ['MySQL', (error: unknown) => fromMysqlError(error, 'shop')],
  ['SQLite', (error: unknown) => fromSqliteError(error, { source: 'shop', role: 'writer' })],
] as const

describe.each(MAPPERS)('an error in the driver of %s', (_, toRunnerError) => {
  it.each([
    new TypeError('x is not a function'),
    new ReferenceError('x is not defined'),
    new RangeError('out of range'),
  ])('is told as a defect when it is %s', (cause) => {
    const error = toRunnerError(cause)
    expect(error).toMatchObject({ code: 'INTERNAL', retry: 'never', cause })
    expect(error.message).not.toContain(cause.message)
  })

  it('is told as a source that cannot be reached when it is anything else without a code', () => {
    expect(toRunnerError(new Error('Connection terminated')).code).toBe('SOURCE_UNAVAILABLE')
  })
})

it('says what to do about a SQLite file that cannot be read', () => {
  const cause = Object.assign(new Error('disk I/O error'), { errcode: 266 })
  const error = fromSqliteError(cause, { source: 'shop', role: 'reader' })
  expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', next: expect.stringContaining('disk') })
})
