import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HANDLER_TEMPLATES } from '../../../src/cli/handler-templates/index.js'
import { type HandlerRequest, signHandlerBody } from '../../../src/protocol/handler.js'
import { createPostgresWorld, type PostgresWorld } from '../../support/databases.js'
import { requestOf, SECRET } from './requests.js'

let world: PostgresWorld
let folder: string

beforeAll(async () => {
  world = await createPostgresWorld({
    schemaSql: `create table invoices (id text primary key, tenant_id text, late_fee_cents integer, version bigint,
      at timestamptz); insert into invoices values ('INV-1', 'acme', 1500, 7, '2026-03-01 04:05:06.123456+00')`,
  })
  await world.admin.query(`set timezone = 'Asia/Tokyo'; set datestyle = 'German'`)
  folder = mkdtempSync(join(tmpdir(), 'synapsor-python-'))
  writeFileSync(join(folder, 'handler.py'), HANDLER_TEMPLATES['python-fastapi']?.content ?? '')
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await world.drop()
})

const capability = 'billing.propose_late_fee_waiver'
const patch = { late_fee_cents: 0 }

function waiverOf(options: Parameters<typeof requestOf>[0] = {}): HandlerRequest {
  const request = requestOf({ capability, before: { late_fee_cents: 1500 }, ...options })
  return { ...request, change_set: { ...request.change_set, patch, after: patch } }
}

/** Runs a program that imports the template, gives it one line, and does in the database what it asks for. */
async function runPython(program: string, given: unknown): Promise<unknown> {
  const child = spawn('python3', ['-c', program], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  child.stdin.write(`${JSON.stringify(given)}\n`)
  try {
    for await (const line of createInterface(child.stdout)) {
      const message = JSON.parse(line)
      if (message.answer !== undefined) return message.answer
      await serve(child, message)
    }
    throw new Error(said)
  } finally {
    child.kill()
  }
}

async function serve(child: ChildProcessWithoutNullStreams, { sql, values }: { sql: string; values: unknown[] }) {
  let place = 0
  const text = sql.replaceAll('%s', () => {
    place += 1
    return `$${place}`
  })
  const { rows, rowCount } = await world.admin.query({ text, values, rowMode: 'array' })
  child.stdin.write(`${JSON.stringify({ rows, count: rowCount })}\n`)
}

describe('the template for Python', () => {
  it('compiles, and signs, reads and compares as the runner does', async () => {
    const body = '{"amount":"née"}'
    const seconds = 1_767_225_845
    const signature = signHandlerBody(SECRET, seconds, body)
    const request = JSON.stringify(waiverOf({ key: 'wrp_python' }))
    const refused: [string, number][] = [
      ['{"a":1,"a":2}', 400],
      ['NaN', 400],
      ['"\\ud800"', 400],
      ['['.repeat(100_000), 400],
      ['[]', 422],
      [request.replace('"acme"', '"globex"'), 422],
      [request.replace('INV-1', 'INV-2'), 422],
      [request.replace('"dry_run":false', '"dry_run":"yes"'), 422],
      [request.replaceAll('late_fee_cents', 'a; drop'), 422],
      [request.replace(capability, 'billing.other'), 404],
    ]
    const answered = await runPython(PURE, { body, seconds, secret: SECRET, signature, request, refused })
    expect(answered).toEqual({
      signed: [true, true, false, false, false, false],
      sender: [true, false, false],
      checked: 'wrp_python',
      same: [true, true, true, true, false, false, false],
      refused: refused.map(([, status]) => status),
    })
  })

  it('performs a change once, under the same rules, in a real database', async () => {
    const first = waiverOf({ key: 'wrp_1' })
    const next = (options: Parameters<typeof requestOf>[0]) =>
      waiverOf({ before: patch, guards: { expected_version: { column: 'version', value: 8 } }, ...options })
    const stale = waiverOf({ key: 'wrp_stale' })
    const barred = next({ key: 'wrp_barred' })
    const moment = (value: string) => next({ guards: { expected_version: { column: 'at', value } } })
    const cases: [HandlerRequest, Record<string, unknown>][] = [
      [
        { ...first, dry_run: true },
        { status: 'applied', source_database_mutated: false, details: { dry_run: true } },
      ],
      [first, { status: 'applied', source_database_mutated: true, key_settled: true, previous_version: 7 }],
      [first, { status: 'already_applied', proposal_id: 'wrp_1' }],
      [
        { ...first, change_set: { ...first.change_set, patch: { late_fee_cents: 1 } } },
        { status: 'already_applied', proposal_id: 'wrp_1' },
      ],
      [{ ...first, proposal_id: 'wrp_other' }, { safe_error_code: 'KEY_REUSED' }],
      [{ ...first, proposal_hash: `sha256:${'cd'.repeat(32)}` }, { safe_error_code: 'KEY_REUSED' }],
      [stale, { status: 'conflict', safe_error_code: 'ROW_CHANGED', key_settled: true }],
      [stale, { status: 'conflict', safe_error_code: 'ROW_CHANGED', key_settled: true }],
      [next({ tenant: 'ACME' }), { status: 'conflict', safe_error_code: 'ROW_NOT_FOUND' }],
      [
        { ...barred, dry_run: true, settle: true },
        { status: 'failed', safe_error_code: 'NOT_APPLIED', key_settled: true },
      ],
      [barred, { status: 'failed', safe_error_code: 'NOT_APPLIED' }],
      [next({ extra: { expires_at: '2026-01-01T00:00:00.000Z' } }), { status: 'failed', safe_error_code: 'EXPIRED' }],
      [moment('2026-03-01 04:05:06.123457+00'), { status: 'conflict', safe_error_code: 'ROW_CHANGED' }],
      [{ ...moment('2026-03-01 04:05:06.123456+00'), dry_run: true }, { status: 'applied' }],
    ]
    const answers = await runPython(
      DATABASE,
      cases.map(([request]) => request),
    )
    expect(answers).toMatchObject(cases.map(([, answer]) => answer))
    const { rows } = await world.admin.query('select late_fee_cents, version from invoices')
    expect(rows).toEqual([{ late_fee_cents: 0, version: '8' }])
  })
})

const PURE = `
import json, py_compile, sys
given = json.loads(sys.stdin.readline())
py_compile.compile("handler.py", doraise=True)
import handler
body, secret, seconds = given["body"].encode(), given["secret"], given["seconds"]
headers = {"x-synapsor-timestamp": str(seconds), "x-synapsor-signature": given["signature"]}
def refused(text):
    try:
        handler.check(handler.parse(text.encode("utf-8", "surrogatepass")))
    except handler.Denied as no:
        return no.status
same = [("1500", 1500), ("9007199254740993", "9007199254740993"), ("true", True), (None, None), ("1", True), ("", None), ("12.50", "12.5")]
print(json.dumps({"answer": {
    "signed": [
        handler.is_signed(headers, body, secret, seconds),
        handler.is_signed(headers, body, secret, seconds - 299),
        handler.is_signed(headers, body, secret, seconds + 301),
        handler.is_signed(headers, body + b" ", secret, seconds),
        handler.is_signed(headers, body, secret + "x", seconds),
        handler.is_signed({}, body, secret, seconds),
    ],
    "sender": [
        handler.is_sender({"authorization": "Bearer " + secret}, secret),
        handler.is_sender({"authorization": "Bearer " + secret + "x"}, secret),
        handler.is_sender({}, secret),
    ],
    "checked": handler.check(handler.parse(given["request"].encode()))["proposal_id"],
    "same": [handler.is_same(text, value) for text, value in same],
    "refused": [refused(text) for text, _ in given["refused"]],
}}))
`

/** A connection of psycopg, as far as the template uses one, over the pipe to this test. */
const DATABASE = `
import contextlib, json, sys
import handler

class Cursor:
    def execute(self, sql, values=()):
        print(json.dumps({"sql": sql, "values": list(values)}), flush=True)
        done = json.loads(sys.stdin.readline())
        self.rows, self.rowcount = [tuple(row) for row in done["rows"]], done["count"]
    def fetchone(self):
        return self.rows[0] if self.rows else None
    def fetchall(self):
        return self.rows

class Connection:
    depth = 0
    def cursor(self):
        return Cursor()
    @contextlib.contextmanager
    def transaction(self, force_rollback=False):
        point = f"point_{self.depth}"
        begin, back, keep = ("begin", "rollback", "commit") if self.depth == 0 else (
            f"savepoint {point}", f"rollback to savepoint {point}", f"release savepoint {point}")
        self.cursor().execute(begin)
        self.depth += 1
        try:
            yield
        except BaseException:
            self.cursor().execute(back)
            raise
        else:
            self.cursor().execute(back if force_rollback else keep)
        finally:
            self.depth -= 1

requests = json.loads(sys.stdin.readline())
Connection().cursor().execute(handler.RECEIPTS)
print(json.dumps({"answer": [
    handler.perform(Connection(), handler.check(handler.parse(json.dumps(request).encode()))) for request in requests
]}))
`
