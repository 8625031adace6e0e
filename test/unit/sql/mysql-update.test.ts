import { describe, expect, it } from 'vitest'
import type { ColumnInfo } from '../../../src/sql/dialect.js'
import { bindBlock, bindScope, renderBlock, renderSteps, type UpdateShape } from '../../../src/sql/mysql-update.js'

const column = (name: string, type: string, kind: ColumnInfo['kind']): ColumnInfo => ({
  name,
  type,
  kind,
  nullable: true,
  generated: false,
})
const id = column('id', 'bigint', 'integer')
const tenant = column('tenant_id', 'varchar(40)', 'text')
const note = column('note', 'varchar(40)', 'text')
const version = column('version', 'int', 'integer')
const body = column('body', 'longtext', 'text')
const amount = column('amount', 'int', 'integer')

const shape: UpdateShape = {
  table: { table: 'invoices' },
  receipts: { table: 'receipts' },
  key: id,
  tenant,
  set: [note, version],
  expected: [note, version],
  named: [id, tenant, note, version],
  kept: [body, amount],
}
const scope = bindScope(shape, '7', 'acme')
const placesIn = (text: string): number => text.split('?').length - 1

describe('mysql guarded update', () => {
  it('binds as many values as each statement has places', () => {
    const steps = renderSteps(shape)
    expect(placesIn(steps.lock)).toBe(scope.length)
    expect(placesIn(steps.read)).toBe(scope.length)
    expect(placesIn(steps.update)).toBe(2 + scope.length + 2)
    expect(placesIn(steps.record)).toBe(5 + scope.length + 6)

    const values = bindBlock({
      scope,
      set: ['new', '2'],
      expected: ['old', '1'],
      receipt: ['key', 'hash', 'anchor', '1', '2'],
      named: ['7', 'acme', 'new', '2'],
    })
    expect(placesIn(renderBlock(shape))).toBe(values.length)
  })

  it('carries tenant and guard in every statement that changes the row', () => {
    for (const text of [renderSteps(shape).update, renderBlock(shape)]) {
      const [, update = ''] = /(update `invoices`[^;]*)/.exec(text) ?? []
      for (const name of ['id', 'tenant_id', 'note', 'version'])
        expect(update.split(' where ')[1]).toContain(`\`${name}\``)
    }
  })

  it('commits only behind a receipt that was left', () => {
    const block = renderBlock(shape)
    expect(block.indexOf('row_count() = 1')).toBeGreaterThan(block.indexOf('insert into `receipts`'))
    expect(block.indexOf('commit;')).toBeGreaterThan(block.indexOf('row_count() = 1'))
    expect(block.match(/commit;/g)).toHaveLength(1)
    expect(block).toContain('declare exit handler for sqlexception begin rollback; resignal; end;')
  })

  it('keeps long columns in the server', () => {
    expect(renderSteps(shape).lock).toContain('sha2(`body`, 256)')
    expect(renderSteps(shape).lock).not.toContain('convert(`body`')
  })

  it('proves the row without a receipt where the source holds none', () => {
    expect(renderSteps({ ...shape, receipts: null }).record).toMatch(/^select 1 from `invoices` where /)
  })
})
