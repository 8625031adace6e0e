import { describe, expect, it } from 'vitest'
import { buildAfter, buildPatch, guardedColumns, versionAdvance } from '../../../src/capability/change.js'
import { postgresDialect } from '../../../src/sql/postgres.js'
import { changeRules, column, integer, invoices, text } from './samples.js'

describe('a patch', () => {
  const rules = changeRules({
    patch: new Map<string, { fixed: string } | { from_arg: string }>([
      ['late_fee_cents', { from_arg: 'fee' }],
      ['note', { fixed: 'waived' }],
    ]),
  })

  it('has what the contract fixes and what the arguments give', () => {
    expect(buildPatch(rules, { fee: 0 })).toEqual({ late_fee_cents: 0, note: 'waived' })
  })

  it('leaves out what an absent argument would have given', () => {
    expect(buildPatch(rules, {})).toEqual({ note: 'waived' })
  })

  it('is refused where it changes nothing', () => {
    expect(() => buildPatch(changeRules(), {})).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})

describe('the values after a change', () => {
  const build = (patch: Record<string, string | number>, rules = changeRules(), table = invoices()) =>
    buildAfter(rules, patch, table, postgresDialect.toColumn)

  it('are the texts that the columns give back', () => {
    expect(build({ late_fee_cents: 5 })).toEqual({ late_fee_cents: integer('5') })
  })

  it('are refused by the name of the argument where they do not fit', () => {
    expect(() => build({ late_fee_cents: 'five' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', details: { argument: 'fee' } }),
    )
  })

  it('are refused by the name of the column where the contract fixed them', () => {
    const rules = changeRules({ patch: new Map([['late_fee_cents', { fixed: 'five' }]]) })
    expect(() => build({ late_fee_cents: 'five' }, rules)).toThrow(
      expect.objectContaining({ code: 'PRECONDITION_FAILED', details: { column: 'late_fee_cents' } }),
    )
  })

  it('end their sentence once', () => {
    expect(() => build({ late_fee_cents: 'five' })).toThrow(/[^.]\.$/)
  })

  it('are refused for a column that is gone or that the database makes itself', () => {
    expect(() => build({ gone: 1 })).toThrow(
      expect.objectContaining({ code: 'SCHEMA_DRIFT', details: { table: 'invoices', column: 'gone' } }),
    )
    const table = invoices({}, [column('total', { generated: true })])
    expect(() => build({ total: 1 }, changeRules(), table)).toThrow(
      expect.objectContaining({ code: 'PRECONDITION_FAILED', details: { column: 'total' } }),
    )
  })
})

describe('the guarded columns', () => {
  it('are those that change and those that transitions look at', () => {
    const transitions = new Map([['late_fee_cents', { from_column: 'status', is_visible: true, allowed: new Map() }]])
    expect(guardedColumns(changeRules({ transitions }), ['id', 'note'])).toEqual(['late_fee_cents', 'status'])
  })

  it('are all that a reviewer sees where there is no version', () => {
    expect(guardedColumns(changeRules({ guard: { kind: 'row' } }), ['id', 'note'])).toEqual([
      'late_fee_cents',
      'id',
      'note',
    ])
  })
})

describe('a version', () => {
  const guard = { kind: 'column', column: 'updated_at', advance: undefined } as const
  const timestamp = column('updated_at', { kind: 'timestamp' })

  it('advances as the contract says', () => {
    expect(versionAdvance({ ...guard, advance: 'database' }, timestamp, text('x'))).toBe('database')
  })

  it('advances as its column shows', () => {
    expect(versionAdvance(guard, column('v', { kind: 'integer' }), integer('7'))).toBe('integer')
    expect(versionAdvance(guard, timestamp, text('2026-01-01'))).toBe('timestamp')
    expect(versionAdvance(guard, column('v', { kind: 'datetime' }), text('2026-01-01'))).toBe('timestamp')
    expect(versionAdvance(guard, column('v'), text('2026-01-01T00:00:00.000001Z'))).toBe('timestamp')
  })

  it('is refused as a text that two writes of one moment could share', () => {
    for (const coarse of ['2026-01-01T00:00:00Z', '2026-01-01 00:00:00.000', '2026-01-01']) {
      for (const advance of ['timestamp', 'database', undefined] as const) {
        expect(() => versionAdvance({ ...guard, advance }, column('updated_at'), text(coarse))).toThrow(
          expect.objectContaining({ code: 'PRECONDITION_FAILED', next: expect.stringContaining('six digits') }),
        )
      }
    }
  })

  it('may be any text that the database moves and that is no time', () => {
    for (const word of ['2026-01-01-rev5', 'etag-7']) {
      expect(versionAdvance({ ...guard, advance: 'database' }, column('updated_at'), text(word))).toBe('database')
    }
  })

  it('is refused where nobody can tell how it advances', () => {
    expect(() => versionAdvance(guard, column('v'), text('seven'))).toThrow(
      expect.objectContaining({ code: 'PRECONDITION_FAILED', next: expect.stringContaining('advance') }),
    )
  })

  it('is never NULL', () => {
    expect(() => versionAdvance({ ...guard, advance: 'integer' }, timestamp, text(null))).toThrow(
      expect.objectContaining({ code: 'PRECONDITION_FAILED' }),
    )
  })
})
