import { describe, expect, it } from 'vitest'
import { parseGrantLine } from '../../../src/drivers/mysql-grants.js'

const invoices = { type: '', schema: 'shop', name: 'invoices' }

describe('a line of show grants', () => {
  it.each([
    [
      'GRANT SELECT, INSERT ON `shop`.* TO `r`@`%`',
      { rights: ['select', 'insert'], on: { type: '', schema: 'shop', name: null } },
    ],
    ['GRANT ALL PRIVILEGES ON *.* TO `root`@`%` WITH GRANT OPTION', { rights: ['all privileges'], grants: true }],
    ['GRANT DELETE HISTORY ON `shop`.`invoices` TO `r`@`%`', { rights: ['delete history'], on: invoices }],
    ['GRANT BACKUP_ADMIN,SYSTEM_USER ON *.* TO `r`@`%`', { rights: ['backup_admin', 'system_user'] }],
    [
      'GRANT EXECUTE ON PROCEDURE `shop`.`wipe` TO `r`@`%`',
      { rights: ['execute'], on: { type: 'procedure', schema: 'shop', name: 'wipe' } },
    ],
    [
      'GRANT UPDATE ON `a`` ON b`.`c, d` TO `r`@`%`',
      { rights: ['update'], on: { type: '', schema: 'a` ON b', name: 'c, d' } },
    ],
  ])('reads %s', (line, { rights, on, grants = false }: { rights: string[]; on?: unknown; grants?: boolean }) => {
    const parsed = parseGrantLine(line)
    expect(parsed).toMatchObject({ kind: 'rights', with_grant_option: grants, ...(on === undefined ? {} : { on }) })
    if (parsed.kind === 'rights') expect(parsed.rights.map(({ right }) => right)).toEqual(rights)
  })

  it('reads the columns of each right, whatever is in their names', () => {
    expect(parseGrantLine('GRANT SELECT (`id`, `a, b`), UPDATE (`c)`) ON `shop`.`invoices` TO `r`@`%`')).toMatchObject({
      rights: [
        { right: 'select', columns: ['id', 'a, b'] },
        { right: 'update', columns: ['c)'] },
      ],
    })
  })

  it('reads roles, with and without a host', () => {
    expect(parseGrantLine('GRANT `staff` TO `r`@`%`')).toEqual({ kind: 'roles', roles: ['`staff`'] })
    expect(parseGrantLine('GRANT `a`@`%`,`b`@`%` TO `r`@`%` WITH ADMIN OPTION')).toEqual({
      kind: 'roles',
      roles: ['`a`@`%`', '`b`@`%`'],
    })
  })

  it('does not take a name that says so for the option to grant', () => {
    const line = "GRANT SELECT ON `shop`.`invoices` TO `r`@`%` IDENTIFIED BY PASSWORD '*5318F80CAB298B67'"
    expect(parseGrantLine(line)).toMatchObject({ kind: 'rights', with_grant_option: false })
    expect(JSON.stringify(parseGrantLine(line))).not.toContain('5318')
  })

  it.each([
    '',
    'GRANT',
    'GRANT SELECT ON shop.invoices',
    'GRANT SELECT ON `shop`.`invoices`; DROP TABLE x TO `r`@`%`',
    'GRANT SELECT ON TABLESPACE `x`.`y` TO `r`@`%`',
    'GRANT select ON `shop`.`invoices` TO `r`@`%`',
    'GRANT role; drop table x TO `r`@`%`',
  ])('takes %j for one that may grant anything', (line) => {
    expect(parseGrantLine(line)).toEqual({ kind: 'unknown' })
  })
})
