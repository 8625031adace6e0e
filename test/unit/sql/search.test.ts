import { describe, expect, it } from 'vitest'
import { isServed } from '../../../src/sql/search.js'

describe('a read by an index', () => {
  it.each([
    ['one row, by its key', [['id']], { key: 'id', tenant: 'tenant_id' }, true],
    ['one row, within its tenant', [['tenant_id', 'id']], { key: 'id', tenant: 'tenant_id' }, true],
    ['one row, by neither', [['status']], { key: 'id', tenant: 'tenant_id' }, false],
    ['a list, by its tenant', [['tenant_id', 'status']], { tenant: 'tenant_id' }, true],
    ['a list, where only the key has one', [['id']], { tenant: 'tenant_id' }, false],
    ['a list, where the tenant comes second', [['id', 'tenant_id']], { tenant: 'tenant_id' }, false],
    ['a list of everything, which no index would help', [], {}, true],
  ])('is found or not: %s', (_, indexes, search, served) => {
    expect(isServed(indexes, search)).toBe(served)
  })
})
