import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFolder, createShop, type Folder } from '../../support/onboarding.js'

let folder: Folder

beforeEach(async () => {
  folder = createFolder()
  await createShop(folder)
})

afterEach(() => folder.remove())

const OFFLINE =
  'init --engine postgres --from-env APP_READ_URL --schema public --table invoices --primary-key id --tenant-key tenant_id ' +
  '--conflict-column updated_at --visible-columns id,status,late_fee_cents --allowed-columns late_fee_cents,waiver_reason ' +
  '--patch-fixed late_fee_cents=0 --patch-from-arg waiver_reason=reason --numeric-bound late_fee_cents=0:10000 ' +
  '--namespace billing --object-name invoice --mode review --write-url-env APP_WRITE_URL --writeback direct_sql'

const WHOLE =
  'init --path shop.db --table invoices --primary-key id --tenant-key tenant_id --visible-columns id,status,late_fee_cents'

const FILES = [
  '.env.example',
  '.synapsor/mcp/claude-desktop.json',
  '.synapsor/mcp/cursor.json',
  '.synapsor/mcp/generic-stdio.json',
  '.synapsor/mcp/vscode.json',
  'synapsor.roles.sql',
  'synapsor.runner.json',
]

describe('with every flag and no database', () => {
  it('writes a valid contract and what goes with it, and says that nothing was checked', async () => {
    const { exit_code, out } = await folder.run(OFFLINE)
    expect(exit_code).toBe(0)
    expect(folder.files()).toEqual([...FILES, 'shop.db'].sort())
    expect(out).toContain('The database was not asked')
    expect(out.replaceAll(/\s+/g, ' ')).toContain('execute_sql: no tool has them')
    expect((await folder.run('validate')).exit_code).toBe(0)
    expect(folder.read('.env.example').match(/^[A-Z_]+=.*$/gm)).toEqual([
      'APP_READ_URL=',
      'APP_WRITE_URL=',
      'SYNAPSOR_TENANT_ID=',
      'SYNAPSOR_PRINCIPAL=',
    ])
  })

  it('writes variables for the token and the secret of an app that writes, and lint has nothing against it', async () => {
    const line = OFFLINE.replace('--write-url-env APP_WRITE_URL --writeback direct_sql', '--writeback http_handler')
    expect((await folder.run(line)).exit_code).toBe(0)
    expect(folder.read('.env.example').match(/^[A-Z_]+=.*$/gm)).toEqual([
      'APP_READ_URL=',
      'SYNAPSOR_HANDLER_URL=',
      'SYNAPSOR_HANDLER_TOKEN=',
      'SYNAPSOR_HANDLER_SECRET=',
      'SYNAPSOR_TENANT_ID=',
      'SYNAPSOR_PRINCIPAL=',
    ])
    expect((await folder.run('contract lint')).out).not.toContain('HANDLER_')
  })

  it('is for the shadow where nobody writes, and says so', async () => {
    const line = OFFLINE.replace('--write-url-env APP_WRITE_URL --writeback direct_sql', '--writeback none').replace(
      '--mode review ',
      '',
    )
    const { out } = await folder.run(line)
    expect(out.replaceAll(/\s+/g, ' ')).toContain('Nobody writes what is proposed, so that the mode is shadow')
    expect(folder.read('synapsor.runner.json')).toContain('"mode": "shadow"')
  })

  it('speaks of no roles where the database is a file', async () => {
    const { out } = await folder.run(`${WHOLE} --conflict-column version --patch status=arg:status`)
    expect(out).toContain('migrations apply invoices')
    expect(out).not.toContain('Roles')
    expect((await folder.run(`${OFFLINE} --force`)).out).toContain('Roles')
  })

  it('writes the same bytes again, and the same by --patch and by --spec', async () => {
    await folder.run([...OFFLINE.split(' '), '--save-selection', 'answers.json'])
    const first = folder.read('synapsor.runner.json')
    const patched = OFFLINE.replace(
      '--patch-fixed late_fee_cents=0 --patch-from-arg waiver_reason=reason',
      '--patch late_fee_cents=fixed:0,waiver_reason=arg:reason',
    )
    for (const line of [OFFLINE, patched, 'init --spec answers.json']) {
      expect((await folder.run(`${line} --force --non-interactive`)).exit_code).toBe(0)
      expect(folder.read('synapsor.runner.json')).toBe(first)
    }
  })

  it('lets a flag come before the file', async () => {
    await folder.run(`${OFFLINE} --save-selection answers.json`)
    await folder.run('init --spec answers.json --namespace desk --force')
    expect(folder.read('synapsor.runner.json')).toContain('"desk.inspect_invoice"')
  })

  it('learns of everything that is wrong in a file at once, and asks no database before', async () => {
    const spec = { engine: 'oracle', path: 'postgres://a:hunter2@b/c', table: 'x y', tabel: 1, visible_columns: [] }
    writeFileSync(join(folder.path, 'answers.json'), JSON.stringify(spec))
    const { exit_code, err } = await folder.run('init --spec answers.json')
    expect(exit_code).toBe(1)
    for (const path of ['/engine', '/path', '/table', '/tabel', '/visible_columns', '/primary_key', '/namespace']) {
      expect(err).toContain(`${path} `)
    }
    expect(err).not.toContain('hunter2')
  })

  it('does not write two files to one place', async () => {
    const { exit_code } = await folder.run(`${OFFLINE} --save-selection synapsor.runner.json`)
    expect(exit_code).toBe(2)
    expect(folder.files()).toEqual(['shop.db'])
  })

  it('has a starter to edit', async () => {
    expect((await folder.run('init --starter')).exit_code).toBe(0)
    expect(folder.read('synapsor.runner.json')).toContain('"billing.propose_invoice_update"')
    expect((await folder.run('validate')).exit_code).toBe(0)
  })

  it('names the flags that are missing', async () => {
    const { exit_code, err } = await folder.run('init --engine postgres --table invoices')
    expect(exit_code).toBe(2)
    expect(err).toContain('Give --primary-key, --tenant-key (or --single-tenant-dev), --visible-columns.')
    expect(folder.files()).toEqual(['shop.db'])
  })

  it.each([
    ['--patch late_fee_cents', 'Write --patch late_fee_cents=fixed:0'],
    ['--patch late_fee_cents=0', 'neither fixed nor an argument'],
    ['--patch-fixed late_fee_cents=0 --patch late_fee_cents=arg:fee', 'patched twice'],
    ['--numeric-bound late_fee_cents=0', 'The limits of late_fee_cents are no numbers'],
    ['--numeric-bound late_fee_cents=a:b', 'The limits of late_fee_cents are no numbers'],
    ['--transition-guard status=open', 'The changes of status cannot be read'],
    ['--mode cloud', 'Allowed choices'],
    ['--wizard', 'Nobody can be asked'],
  ])('calls %s wrong usage', async (flags, words) => {
    const { exit_code, err } = await folder.run(`${WHOLE} ${flags}`)
    expect([exit_code, err]).toEqual([2, expect.stringContaining(words)])
    expect(folder.files()).toEqual(['shop.db'])
  })

  it.each([
    [
      'an empty column',
      [
        'init',
        '--engine',
        'postgres',
        '--schema',
        'pub lic',
        '--table',
        'a',
        '--primary-key',
        'id',
        '--tenant-key',
        't',
        '--visible-columns',
        'id',
      ],
      '/schema',
    ],
    [
      'SQL in a name',
      [
        'init',
        '--engine',
        'postgres',
        '--table',
        'a; drop table b',
        '--primary-key',
        'id',
        '--tenant-key',
        't',
        '--visible-columns',
        'id',
      ],
      '/table',
    ],
    [
      'a colour in a name',
      [
        'init',
        '--engine',
        'mysql',
        '--schema',
        'shop',
        '--table',
        '\u001b[31ma',
        '--primary-key',
        'id',
        '--tenant-key',
        't',
        '--visible-columns',
        'id',
      ],
      '/table',
    ],
  ])('refuses %s and writes nothing', async (_, line, path) => {
    const { exit_code, out, err } = await folder.run(line)
    expect([exit_code, out]).toEqual([1, ''])
    expect(err).toContain(`${path} INVALID_VALUE`)
    expect(err).not.toContain('\u001b')
    expect(folder.files()).toEqual(['shop.db'])
  })

  it('asks no database about what is wrong in itself', async () => {
    const env = { APP_READ_URL: 'postgres://app:hunter2@127.0.0.1:1/shop' }
    const { exit_code, err } = await folder.run(OFFLINE.replace('--table invoices', '--table in;voices'), { env })
    expect([exit_code, err]).toEqual([1, expect.stringContaining('/table INVALID_VALUE')])
    expect(err).not.toContain('hunter2')
  })

  it.each(['--from-env', '--write-url-env', '--handler-url-env', '--tenant-env'])(
    'never says again what is a URL where %s wants a name',
    async (flag) => {
      const given = [...OFFLINE.split(' '), flag, 'postgres://app:hunter2@db.example/shop']
      const { exit_code, out, err } = await folder.run(given)
      expect(exit_code).toBeGreaterThan(0)
      expect(out + err).not.toContain('hunter2')
      expect(folder.files()).toEqual(['shop.db'])
    },
  )
})
