import { describe, expect, it } from 'vitest'
import { isRunnerError } from '../../../src/index.js'
import { examineSelection, parseSelection } from '../../../src/onboarding/parse-selection.js'

const least = {
  engine: 'postgres',
  schema: 'public',
  table: 'invoices',
  primary_key: 'id',
  tenant_key: 'tenant_id',
  namespace: 'billing',
  visible_columns: ['id', 'status'],
}
const proposing = { ...least, conflict_column: 'updated_at', patch: { status: { from_arg: 'status' } } }

const problemsOf = (value: unknown) => examineSelection(value).problems.map(({ path, code }) => `${path} ${code}`)

describe('a selection', () => {
  it('is read as it is written, older spellings among them', () => {
    const whole = {
      version: 1,
      ...proposing,
      mode: 'review',
      source_name: 'shop',
      database_url_env: 'SHOP_READ_URL',
      write_url_env: 'SHOP_WRITE_URL',
      statement_timeout_ms: 2000,
      object_name: 'invoice',
      read_tool: 'billing.look',
      proposal_tool: 'billing.ask',
      inspect_description: 'Looks.',
      proposal_description: 'Asks.',
      inspect_returns_hint: 'A row.',
      proposal_returns_hint: 'A proposal.',
      lookup_arg: 'number',
      result_format: 2,
      allowed_columns: ['status'],
      patch_args: { status: { type: 'string', required: true, max_length: 20, enum: ['open'] } },
      numeric_bounds: { fee: { minimum: 0 } },
      transition_guards: { status: { from_column: 'status', allowed: { open: ['paid'] } } },
      trusted_context: { tenant_id_env: 'T', principal_env: 'P' },
      approval: { required_role: 'lead' },
    }
    expect(parseSelection(whole)).toEqual(whole)
  })

  it.each([
    ['an empty schema', { ...least, schema: '' }, ['/schema INVALID_VALUE']],
    ['no schema on a server', { ...least, schema: undefined }, ['/schema MISSING_KEY']],
    ['an engine of another kind', { ...least, engine: 'oracle' }, ['/engine INVALID_VALUE']],
    ['no tenant column', { ...least, tenant_key: undefined }, ['/tenant_key TENANT_KEY_MISSING']],
    ['a tenant column and none', { ...least, single_tenant_dev: true }, ['/single_tenant_dev INVALID_VALUE']],
    ['no visible column', { ...least, visible_columns: [] }, ['/visible_columns INVALID_VALUE']],
    ['a column twice', { ...least, visible_columns: ['id', 'id'] }, ['/visible_columns/1 INVALID_VALUE']],
    ['a name that is none', { ...least, table: 'in voices; drop table x' }, ['/table INVALID_VALUE']],
    ['a composite key', { ...least, primary_key: 'a,b' }, ['/primary_key INVALID_VALUE']],
    ['an unknown key', { ...least, tabel: 'x' }, ['/tabel UNKNOWN_KEY']],
    ['a URL where a name belongs', { ...least, read_url_env: 'postgres://a:b@c/d' }, ['/read_url_env INVALID_VALUE']],
    ['one role for both', { ...proposing, read_url_env: 'U', write_url_env: 'U' }, ['/write_url_env INVALID_VALUE']],
    ['two spellings', { ...least, read_tool: 'a.b', inspect_tool_name: 'a.c' }, ['/read_tool INVALID_VALUE']],
    ['no version column', { ...proposing, conflict_column: undefined }, ['/conflict_column GUARD_MISSING']],
    ['two guards', { ...proposing, weak_guard_ack: true }, ['/weak_guard_ack INVALID_VALUE']],
    ['nothing to review', { ...least, mode: 'review' }, ['/allowed_columns MISSING_KEY']],
    ['a handler that is not asked', { ...proposing, handler_url_env: 'H' }, ['/handler_url_env EXECUTOR_MISMATCH']],
    ['no file', { ...least, engine: 'sqlite', schema: undefined }, ['/path MISSING_KEY']],
    ['a file on a server', { ...least, path: 'shop.db' }, ['/path INVALID_VALUE']],
    ['a list', [], ['/ INVALID_TYPE']],
  ])('refuses %s', (_, value, problems) => {
    expect(problemsOf(value)).toEqual(problems)
  })

  it('names every problem at once, each with its place', () => {
    const value = { engine: 'postgres', schema: '', table: '1x', visible_columns: ['id', 7], mode: 'raw', tabel: 'x' }
    const paths = examineSelection(value).problems.map(({ path }) => path)
    const expected = [
      '/schema',
      '/table',
      '/visible_columns/1',
      '/mode',
      '/tabel',
      '/primary_key',
      '/namespace',
      '/tenant_key',
    ]
    expect([...paths].sort()).toEqual([...expected].sort())
  })

  it('says nothing of a secret that stands in the wrong place', () => {
    const value = { ...least, read_url_env: 'postgres://app:hunter2@db/shop' }
    try {
      parseSelection(value)
      expect.unreachable()
    } catch (error) {
      if (!isRunnerError(error)) throw error
      expect(error.code).toBe('CONFIG_INVALID')
      expect(JSON.stringify(error)).not.toContain('hunter2')
    }
  })

  it('never throws on what is no data', () => {
    const cycle: Record<string, unknown> = { ...least }
    cycle.self = cycle
    for (const value of [
      null,
      undefined,
      7,
      'x',
      cycle,
      {
        get engine() {
          throw new Error('no')
        },
      },
    ]) {
      expect(examineSelection(value).problems.length).toBeGreaterThan(0)
    }
  })
})
