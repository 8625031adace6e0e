import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { baseDirOf } from '../../../src/contract/base-dir.js'
import { defineConfig } from '../../../src/contract/define.js'
import { loadConfig } from '../../../src/contract/load.js'
import { parseConfig } from '../../../src/contract/parse.js'
import { changed, parcelDesk, parcelDeskFile } from './parcel-desk.js'

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'contract-')), 'synapsor.runner.json')
  writeFileSync(file, text)
  return file
}

describe('loadConfig', () => {
  it('gives the contract with its defaults and remembers its folder out of sight', () => {
    const config = loadConfig(parcelDeskFile)
    expect(config.capabilities[3]).toMatchObject({ on_active_proposal: 'refuse', expires_in_seconds: 604_800 })
    expect(baseDirOf(config)).toBe(dirname(parcelDeskFile))
    expect(Object.keys(config)).not.toContain('base_dir')
    expect(JSON.stringify(config)).not.toContain(dirname(parcelDeskFile))
  })

  it('throws every problem, each with its place, in one readable message', () => {
    const file = fileWith(JSON.stringify(changed({ mode: 'write', 'capabilities/0/visable_columns': 1 }), null, 2))
    expect(() => loadConfig(file)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(
          /^synapsor\.runner\.json is not valid: 2 problems\.\n {2}\/mode \(3:3\): Give one of .*\n {2}\/capabilities\/0\/visable_columns \(\d+:\d+\): .*Did you mean `visible_columns`\?/,
        ),
        details: {
          errors: [
            expect.objectContaining({ path: '/mode', line: 3 }),
            expect.objectContaining({ code: 'UNKNOWN_KEY' }),
          ],
          warnings: [],
        },
      }),
    )
  })

  it('says where it looked for a file that is not there', () => {
    const file = join(tmpdir(), 'no-such-folder', 'synapsor.runner.json')
    expect(() => loadConfig(file)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(file) }),
    )
  })

  it('looks for synapsor.runner.json in the current folder', () => {
    expect(() => loadConfig()).toThrow(join(process.cwd(), 'synapsor.runner.json'))
  })
})

describe('parseConfig', () => {
  it('gives a frozen copy and leaves what it was given alone', () => {
    const given = parcelDesk()
    const before = JSON.stringify(given)
    const config = parseConfig(given)
    expect(JSON.stringify(given)).toBe(before)
    expect(() => Reflect.set(given, 'mode', 'shadow')).not.toThrow()
    expect(config.mode).toBe('review')
    expect(Object.isFrozen(config.capabilities[0]?.args.parcel_no)).toBe(true)
    expect(Object.isFrozen(config.capabilities[0]?.visible_columns)).toBe(true)
  })

  it('fills in every default', () => {
    const config = parseConfig({
      version: 1,
      mode: 'review',
      sources: { shelf: { engine: 'sqlite', path: 'shelf.db' } },
      capabilities: [
        {
          name: 'shelf.propose_label',
          kind: 'proposal',
          source: 'shelf',
          target: { table: 'books', primary_key: 'id', tenant_key: 'branch' },
          args: { id: { type: 'integer' } },
          lookup: { id_from_arg: 'id' },
          visible_columns: ['id'],
          patch: { label: { fixed: 'new' } },
          allowed_columns: ['label'],
          conflict_guard: { column: 'edition' },
        },
      ],
    })
    expect(config).toEqual({
      version: 1,
      mode: 'review',
      adapters: {},
      strict: true,
      storage: { sqlite_path: './.synapsor/local.db' },
      sources: {
        shelf: {
          engine: 'sqlite',
          path: 'shelf.db',
          read_only: false,
          statement_timeout_ms: 3000,
          receipts: { authority: 'source_db', table: 'synapsor_writeback_receipts' },
        },
      },
      trusted_context: { provider: 'session' },
      contexts: {},
      workflows: [],
      executors: {},
      approvals: { separation_of_duties: true },
      capabilities: [
        {
          name: 'shelf.propose_label',
          kind: 'proposal',
          source: 'shelf',
          target: { table: 'books', primary_key: 'id', tenant_key: 'branch', single_tenant_dev: false },
          args: { id: { type: 'integer', required: true } },
          lookup: { id_from_arg: 'id' },
          visible_columns: ['id'],
          evidence: 'required',
          max_rows: 1,
          patch: { label: { fixed: 'new' } },
          allowed_columns: ['label'],
          conflict_guard: { column: 'edition' },
          approval: { mode: 'human', required_approvals: 1 },
          expires_in_seconds: 604_800,
          on_active_proposal: 'refuse',
        },
      ],
    })
  })

  it('gives the same again for what it gave, and keeps the folder', () => {
    const config = loadConfig(parcelDeskFile)
    const again = parseConfig(config)
    expect(again).toEqual(config)
    expect(baseDirOf(again)).toBe(baseDirOf(config))
  })

  it('leaves unknown keys of a lenient contract out', () => {
    const config = parseConfig(changed({ strict: false, extra: 1, 'capabilities/0/visable': 2 }))
    expect(JSON.stringify(config)).not.toMatch(/extra|visable/)
  })

  it('throws every problem where there is no text', () => {
    expect(() => parseConfig(changed({ mode: 'write', extra: 1 }))).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/^The contract is not valid: 2 problems\.\n {2}\/mode: .*\n {2}\/extra: /),
      }),
    )
  })

  it('needs no sources in cloud mode', () => {
    const cloud = {
      base_url_env: 'CLOUD',
      runner_token_env: 'TOKEN',
      adapter_id: 'mcp.desk',
      session: { tenant_id: 'a' },
    }
    const config = parseConfig({ version: 1, mode: 'cloud', trusted_context: { provider: 'cloud_session' }, cloud })
    expect(config).toMatchObject({ sources: {}, capabilities: [], cloud })
  })
})

describe('defineConfig', () => {
  it('gives back what it was given', () => {
    const config = { version: 1, mode: 'shadow' } as const
    expect(defineConfig(config)).toBe(config)
  })
})

describe('baseDirOf', () => {
  it('is undefined for a contract that was not loaded from a file', () => {
    expect(baseDirOf(parseConfig(parcelDesk()))).toBeUndefined()
  })
})
