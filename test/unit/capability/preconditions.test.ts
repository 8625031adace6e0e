import { describe, expect, it } from 'vitest'
import { assertWritable } from '../../../src/capability/preconditions.js'
import type { TableProblem } from '../../../src/protocol/table.js'
import { capability, changeRules, column, invoices } from './samples.js'

describe('a table that is to be written', () => {
  const check = (table = invoices(), rules = changeRules()) => assertWritable(capability(), rules, table)
  const refused = (code: string) =>
    expect.objectContaining({ code: 'PRECONDITION_FAILED', details: { table: 'invoices', code } })

  it('is accepted where it is sound', () => {
    expect(() => check()).not.toThrow()
  })

  it('is refused for what its driver refuses, and not for what it warns of', () => {
    const problem = (severity: TableProblem['severity']) =>
      invoices({ problems: [{ severity, code: 'NOT_TRANSACTIONAL', message: 'It cannot roll back.' }] })
    expect(() => check(problem('warn'))).not.toThrow()
    expect(() => check(problem('refuse'))).toThrow(refused('NOT_TRANSACTIONAL'))
  })

  it('has a unique key within key and tenant', () => {
    expect(() => check(invoices({ unique_keys: [['tenant_id', 'id']] }))).not.toThrow()
    expect(() => check(invoices({ unique_keys: [['id', 'note']] }))).toThrow(refused('NO_UNIQUE_KEY'))
    expect(() => check(invoices({ unique_keys: [['note']] }))).toThrow(refused('NO_UNIQUE_KEY'))
    expect(() => check(invoices({ unique_keys: [] }))).toThrow(refused('NO_UNIQUE_KEY'))
    expect(() => check(invoices({ unique_keys: [[]] }))).toThrow(refused('NO_UNIQUE_KEY'))
  })

  it.each([0, 3, 5])('has no version with %d fraction digits', (fraction_digits) => {
    const version = column('updated_at', { kind: 'timestamp', fraction_digits })
    expect(() => check(invoices({}, [version]))).toThrow(refused('COARSE_VERSION'))
    const datetime = column('updated_at', { kind: 'datetime', fraction_digits })
    expect(() => check(invoices({}, [datetime]))).toThrow(refused('COARSE_VERSION'))
  })

  it('has no version that is a binary float', () => {
    expect(() => check(invoices({}, [column('updated_at', { kind: 'float' })]))).toThrow(refused('COARSE_VERSION'))
  })

  it('needs no version where the whole row is compared', () => {
    const version = column('updated_at', { kind: 'float' })
    expect(() => check(invoices({}, [version]), changeRules({ guard: { kind: 'row' } }))).not.toThrow()
  })

  it('that lacks its version column is left to those who look for drift', () => {
    const rules = changeRules({ guard: { kind: 'column', column: 'gone', advance: undefined } })
    expect(() => check(invoices(), rules)).not.toThrow()
  })

  it('is left to the app where the app writes it', () => {
    const rules = changeRules({ executor: { type: 'function', name: 'billing' } })
    expect(() => check(invoices({ unique_keys: [] }), rules)).not.toThrow()
  })
})
