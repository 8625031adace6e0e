import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../src/audit/manifest.js'
import { codesOf, reportOn, TEXT, toolTaking, toolWith } from './audited.js'

describe('a manifest', () => {
  const tools = [toolWith()]

  it.each([
    ['as a server answers', { tools }],
    ['within the message', { jsonrpc: '2.0', id: 1, result: { tools } }],
    ['within data', { data: { tools } }],
    ['as a list', tools],
  ])('is read %s', (_, value) => {
    expect(parseManifest(value)).toMatchObject([{ name: 'inspect_invoice' }])
  })

  it.each([[null], ['tools'], [1], [{}], [{ tools: 'none' }], [{ mcpServers: {} }]])('is none: %j', (value) => {
    expect(parseManifest(value)).toBeUndefined()
  })

  it.each([[[null]], [['execute_sql']], [[{ name: 1 }]], [[{ name: ' ' }]], [[{ description: 'x' }]], [[[]]]])(
    'with something that is no tool is refused: %j',
    (value) => {
      expect(() => parseManifest(value)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    },
  )

  it('is read where tools and schemas are spelt as function calling does', () => {
    const parameters = { type: 'object', properties: { tenant_id: TEXT } }
    const spelt = { type: 'function', function: { name: 'get_invoice', parameters } }
    expect(codesOf(spelt)).toContain('MODEL_CONTROLLED_TRUST_SCOPE')
    expect(codesOf({ name: 'get_invoice', input_schema: parameters })).toContain('MODEL_CONTROLLED_TRUST_SCOPE')
  })
})

describe('hostile tools', () => {
  it.each(['__proto__', 'constructor', 'toString', '\u202eapprove', '!!!', '💥'])('may be named %j', (name) => {
    expect(reportOn(toolWith({ name, outputSchema: undefined })).findings).toContainEqual(
      expect.objectContaining({ code: 'NO_STRUCTURED_OUTPUT_SCHEMA', tool: name }),
    )
  })

  it('may name inputs as objects are built', () => {
    const schema: unknown = JSON.parse(
      '{"properties":{"__proto__":{"type":"string"},"constructor":{"$ref":"#/$defs/__proto__"}}}',
    )
    expect(codesOf(toolWith({ inputSchema: schema }))).toEqual(['MISSING_TEST_FIXTURE'])
  })

  it.each([
    [true],
    [null],
    [[]],
    ['object'],
    [{ properties: [] }],
    [{ properties: { table: null } }],
    [{ $ref: '#/x%zz' }],
  ])('may have a schema that is none: %j', (inputSchema) => {
    expect(codesOf(toolWith({ inputSchema }))).toContain('MISSING_TEST_FIXTURE')
  })

  it('are told with names that are cut', () => {
    const [finding] = reportOn(toolWith({ name: `delete_${'x'.repeat(9_993)}` })).findings
    expect(finding?.tool).toHaveLength(128 + '… (10000 characters)'.length)
    expect(() => reportOn(toolWith({ name: 'x'.repeat(10_001) }))).toThrow(
      expect.objectContaining({ code: 'RESULT_TOO_LARGE' }),
    )
  })

  it('are each reviewed, also those of one name', () => {
    const { findings } = reportOn(
      toolWith(),
      { ...toolWith(), name: 'run_query' },
      { ...toolWith(), name: 'run_query' },
    )
    expect(findings.map(({ code, tool }) => [code, tool])).toEqual([
      ['GENERIC_SQL_TOOL', 'run_query'],
      ['GENERIC_SQL_TOOL', 'run_query'],
    ])
  })

  it('are reviewed up to ten thousand, and refused beyond', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => toolWith({ name: `delete_${at}` }))
    expect(reportOn(...many).summary).toMatchObject({ tools_inspected: 10_000, high: 10_000 })
    expect(() => parseManifest([...many, toolWith()])).toThrow(expect.objectContaining({ code: 'RESULT_TOO_LARGE' }))
  })

  it('may nest their schema deeper than a program can recurse', () => {
    let schema: unknown = { type: 'object', properties: { where: TEXT } }
    for (let depth = 0; depth < 50_000; depth += 1) schema = { properties: { inner: schema } }
    const { findings } = reportOn(toolTaking({ request: schema }))
    expect(findings.map(({ code, evidence }) => [code, evidence])).toEqual([
      ['ARBITRARY_PREDICATE_INPUT', ['input ….where']],
    ])
  })

  const limitOf = (...tools: readonly unknown[]) => reportOn(...tools).authority_map.visibility_limit

  it('are read to the twenty thousandth character of a description, and the report says so', () => {
    const query = ' Runs any raw SQL query.'
    const within = toolWith({ description: `${'It reads. '.repeat(1_990)}${query}` })
    expect(codesOf(within)).toContain('GENERIC_SQL_TOOL')
    expect(limitOf(within)).not.toContain('the beginning was read')
    const beyond = toolWith({ description: `${'It reads. '.repeat(2_000)}${query}` })
    expect(codesOf(beyond)).toEqual([])
    expect(limitOf(beyond)).toContain('the beginning was read')
  })

  it('are read no further where their letters stand for many', () => {
    expect(limitOf(toolWith({ description: '\ufdfa'.repeat(2_000) }))).toContain('the beginning was read')
  })

  it('share what is read, so that none hides another', () => {
    const long = Array.from({ length: 1_000 }, () => toolWith({ description: 'It reads. '.repeat(2_000) }))
    const { findings, authority_map } = reportOn(...long, toolWith({ description: 'Runs any raw SQL query.' }))
    expect(findings).toMatchObject([{ code: 'GENERIC_SQL_TOOL' }])
    expect(authority_map.visibility_limit).toContain('the beginning was read')
  })

  it.each([
    ['names that are too long in all', { ['a_'.repeat(1_200_000)]: TEXT }, {}],
    ['names whose letters stand for many', { ['\ufdfa'.repeat(200_000)]: TEXT }, {}],
    [
      'choices that each of many inputs has again',
      Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`action_${at}`, { $ref: '#/$defs/all' }])),
      { all: { enum: Array.from({ length: 2_000 }, (_, at) => `choice ${at}`) } },
    ],
  ])('are refused with %s', (_, properties, $defs) => {
    const tool = toolWith({ inputSchema: { type: 'object', properties, $defs } })
    expect(() => parseManifest([tool])).toThrow(expect.objectContaining({ code: 'RESULT_TOO_LARGE' }))
  })

  it('are told with paths whose names are cut', () => {
    const properties = { ['x'.repeat(500)]: { properties: { tenant_id: TEXT } } }
    const [tool] = parseManifest([toolTaking(properties)]) ?? []
    expect(tool?.inputs.map(({ path }) => path).at(-1)).toBe(`${'x'.repeat(128)}… (500 characters).tenant_id`)
  })

  it('tell no more evidence than a person reads', () => {
    const inputs = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`t${at}_tenant_id`, TEXT]))
    const [finding] = reportOn(toolTaking(inputs)).findings
    expect(finding?.evidence).toHaveLength(21)
    expect(finding?.evidence.at(-1)).toBe('and 980 more')
  })
})
