import { describe, expect, it } from 'vitest'
import { codesOf, reportOn, TEXT, toolTaking, toolWith } from './audited.js'

it('a reviewed read has nothing against it', () => {
  expect(codesOf(toolWith())).toEqual([])
})

describe('a tool runs queries of the model', () => {
  it.each([
    'execute_sql',
    'run_query',
    'query_database',
    'raw_sql',
    'executeSQL',
    'run-sql-query',
    'postgres.query',
    'db_query',
    'runsql',
    'sql',
    'read_query',
    'run_readonly_query',
    'execute_any_statement',
    'exe\u200bcute_sql',
    'ехесute_sql',
  ])('by its name: %s', (name) => {
    expect(codesOf(toolWith({ name }))).toContain('GENERIC_SQL_TOOL')
  })

  it.each([
    'Executes raw SQL.',
    'Run a read-only SQL query',
    'This tool runs any query that you write against the warehouse.',
    'Helps analysts. Performs arbitrary queries.',
  ])('by its description: %s', (description) => {
    expect(codesOf(toolWith({ description }))).toContain('GENERIC_SQL_TOOL')
  })

  it.each(['sql', 'raw_sql', 'sqlText', 'sql_query'])('by an input %s', (name) => {
    expect(codesOf(toolTaking({ [name]: TEXT }))).toEqual(['GENERIC_SQL_TOOL', 'WRITE_TOOL_ACCEPTS_ARBITRARY_SQL'])
  })

  it.each(['sql', 'query', 'statement'])('and takes its text as %s', (name) => {
    const tool = { ...toolTaking({ [name]: TEXT }), name: 'run_query' }
    expect(codesOf(tool)).toContain('WRITE_TOOL_ACCEPTS_ARBITRARY_SQL')
  })

  it.each([
    { name: 'search_documents', inputSchema: { properties: { query: TEXT } } },
    { name: 'run_saved_query', inputSchema: { properties: { query_id: TEXT } } },
    { name: 'read_statement', description: 'Reads the bank statement of a month.' },
    { name: 'format_sql', inputSchema: { properties: { sql: TEXT } } },
    { name: 'list_query_logs' },
    { description: 'Reads one invoice. Never runs raw SQL.' },
    { description: 'Reads one invoice, cannot execute any query.' },
    { inputSchema: { properties: { sql_dialect: TEXT } } },
    { inputSchema: { properties: { sql: { enum: ['select 1', 'select 2'] } } } },
  ])('but not in %j', (change) => {
    const codes = codesOf(toolWith(change))
    expect(codes).not.toContain('GENERIC_SQL_TOOL')
    expect(codes).not.toContain('WRITE_TOOL_ACCEPTS_ARBITRARY_SQL')
  })
})

describe('inputs', () => {
  it.each([
    ['ARBITRARY_IDENTIFIER_INPUT', 'table'],
    ['ARBITRARY_IDENTIFIER_INPUT', 'tableName'],
    ['ARBITRARY_IDENTIFIER_INPUT', 'schema'],
    ['ARBITRARY_IDENTIFIER_INPUT', 'columns'],
    ['ARBITRARY_IDENTIFIER_INPUT', 'column_names'],
    ['ARBITRARY_IDENTIFIER_INPUT', 'target-database'],
    ['ARBITRARY_PREDICATE_INPUT', 'where'],
    ['ARBITRARY_PREDICATE_INPUT', 'where_clause'],
    ['ARBITRARY_PREDICATE_INPUT', 'filter'],
    ['ARBITRARY_PREDICATE_INPUT', 'filters'],
    ['ARBITRARY_PREDICATE_INPUT', 'predicate'],
    ['ARBITRARY_PREDICATE_INPUT', 'condition'],
    ['ARBITRARY_PREDICATE_INPUT', 'rowFilter'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'tenant_id'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'tenantId'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'x-tenant'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'principal'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'user_id'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'current_user_id'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'project_id'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'source_id'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'expected_version'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'row_version'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'approved_by'],
    ['MODEL_CONTROLLED_TRUST_SCOPE', 'approver'],
  ])('are found as %s: %s', (code, name) => {
    expect(codesOf(toolTaking({ [name]: TEXT }))).toEqual([code])
  })

  it('are found for each rule that they break', () => {
    expect(codesOf(toolTaking({ allowed_columns: { type: 'array' } }))).toEqual([
      'ARBITRARY_IDENTIFIER_INPUT',
      'MODEL_CONTROLLED_TRUST_SCOPE',
    ])
  })

  it.each([
    ['table_number', { type: 'integer' }],
    ['table', { type: 'integer' }],
    ['column', { type: 'string', enum: ['created_at', 'total'] }],
    ['json_schema', { type: 'object' }],
    ['filter_description', TEXT],
    ['status_filter', TEXT],
    ['medical_condition', TEXT],
    ['filter', { type: 'boolean' }],
    ['filter', { anyOf: [{ type: 'boolean' }, { type: 'null' }] }],
    ['filter', { type: 'object', properties: { paid: { type: 'boolean' } }, additionalProperties: false }],
    ['wherever', TEXT],
    ['assignee_user_id', TEXT],
    ['principal', { type: 'number' }],
    ['tenant_id', { const: 'acme' }],
    ['tenancy_note', TEXT],
    ['proposal_id', TEXT],
    ['run_id', TEXT],
    ['information', { type: 'object', additionalProperties: true }],
  ])('are let through: %s as %j', (name, schema) => {
    expect(codesOf(toolTaking({ [name]: schema }))).toEqual([])
  })

  it.each([
    ['an object', { request: { type: 'object', properties: { table: TEXT } } }],
    ['a list', { requests: { type: 'array', items: { type: 'object', properties: { table: TEXT } } } }],
    ['an alternative', { request: { anyOf: [{ type: 'null' }, { properties: { table: TEXT } }] } }],
    ['the values of a map', { requests: { additionalProperties: { properties: { table: TEXT } } } }],
  ])('are found within %s', (_, properties) => {
    expect(codesOf(toolTaking(properties))).toEqual(['ARBITRARY_IDENTIFIER_INPUT'])
  })

  it('are found behind references, which may go in a circle', () => {
    const inputSchema = {
      properties: { request: { $ref: '#/$defs/request' } },
      $defs: {
        request: { $ref: '#/$defs/a~1b' },
        'a/b': { properties: { table: { $ref: '#/$defs/circle' }, again: { $ref: '#' } } },
        circle: { $ref: '#/$defs/circle' },
      },
      examples: [{}],
    }
    expect(reportOn(toolWith({ inputSchema })).findings).toMatchObject([{ code: 'ARBITRARY_IDENTIFIER_INPUT' }])
  })

  it('are told by the place where they stand', () => {
    const tool = toolTaking({ search: { type: 'array', items: { properties: { where: TEXT } } } })
    expect(reportOn(tool).findings[0]?.evidence).toEqual(['input search[].where'])
  })
})

describe('what a tool does not say', () => {
  it.each([
    ['NO_STRUCTURED_OUTPUT_SCHEMA', { outputSchema: undefined }],
    ['MISSING_BUSINESS_DESCRIPTION', { description: ' ' }],
    ['MISSING_RISK_ANNOTATIONS', { annotations: { title: 'Invoice' } }],
    ['MISSING_TEST_FIXTURE', { inputSchema: { properties: { invoice_id: TEXT } } }],
  ])('is %s', (code, change) => {
    expect(codesOf(toolWith(change))).toEqual([code])
  })

  it('is nothing where an input has examples of its own', () => {
    const inputSchema = { properties: { invoice_id: { type: 'string', examples: ['INV-3001'] } } }
    expect(codesOf(toolWith({ inputSchema }))).toEqual([])
  })

  it('is a finding where there are no tools', () => {
    expect(reportOn().findings).toMatchObject([{ severity: 'MEDIUM', code: 'NO_TOOLS_FOUND' }])
  })
})
