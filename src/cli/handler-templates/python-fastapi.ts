import type { HandlerTemplate } from './template.js'

export const pythonFastapi: HandlerTemplate = {
  file: 'handler.py',
  summary: 'An HTTP handler in Python, on FastAPI and PostgreSQL.',
  install: "pip install fastapi uvicorn 'psycopg[binary,pool]'",
  start: 'uvicorn handler:app --port 8787',
  content: `"""Takes approved changes from Synapsor Runner over HTTP and makes them in this app's own database, once each.

Environment: DATABASE_URL, HANDLER_TOKEN and HANDLER_SECRET (32 bytes or more: openssl rand -hex 32).
"""

import hashlib
import hmac
import json
import os
import re
import time
import uuid
from datetime import datetime, timezone

MAX_BODY_BYTES = 1024 * 1024
MAX_AGE_SECONDS = 300
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")

RECEIPTS = """
create table if not exists synapsor_handler_receipts (
  idempotency_key text collate "C" primary key,
  receipt_id text not null,
  proposal_id text not null,
  proposal_hash text,
  request_digest text not null,
  answer text,
  created_at timestamptz not null default clock_timestamp()
)
"""


class Refusal(Exception):
    """A no: everything the function did is undone, and the answer is final for the proposal."""

    def __init__(self, code, status="failed"):
        super().__init__(code)
        assert CODE.fullmatch(code)
        self.code = code
        self.status = status


class Denied(Exception):
    """A request that is turned away before any work."""

    def __init__(self, status, code):
        super().__init__(code)
        self.status = status
        self.code = code


# What the app does for each approved capability. Everything runs in one transaction: the row of the request is locked
# and still what was approved, and what is written through the cursor is committed together with the receipt.


def waive_late_fee(change, cursor):
    scope = change["scope"]
    cursor.execute(
        "update invoices set late_fee_cents = %s, version = version + 1 where id = %s and tenant_id = %s",
        (change["patch"]["late_fee_cents"], scope["object_id"], scope["tenant_id"]),
    )
    # A rule of the app that only it knows. Nothing of the above is kept then.
    if cursor.rowcount != 1:
        raise Refusal("INVOICE_LOCKED")
    return {"rows_affected": 1}


CAPABILITIES = {"billing.propose_late_fee_waiver": waive_late_fee}


# Who sends, and what.


def secret_of(name):
    value = os.environ.get(name, "")
    if len(value.encode()) < 32:
        raise SystemExit(f"{name} needs 32 bytes or more.")
    return value


def is_sender(headers, token):
    given = headers.get("authorization", "")
    scheme, _, value = given.partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(value.strip().encode(), token.encode())


def is_signed(headers, body, secret, now=None):
    seconds = headers.get("x-synapsor-timestamp", "")
    given = headers.get("x-synapsor-signature", "")
    if not re.fullmatch(r"[1-9][0-9]{0,11}", seconds):
        return False
    if abs((time.time() if now is None else now) - int(seconds)) > MAX_AGE_SECONDS:
        return False
    mac = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256)
    return hmac.compare_digest(given.encode(), f"sha256={mac.hexdigest()}".encode())


def unique(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a name twice")
    return dict(pairs)


def no_number(text):
    raise ValueError("no number of JSON")


def parse(body):
    """Strict: names once, no NaN, text that can be written as UTF-8. Floats stay as they are spelled."""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=unique, parse_constant=no_number)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise Denied(400, "JSON_INVALID") from None
    return value


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def check(request):
    """Every reason to refuse a request, found before the database is asked."""
    try:
        if request["schema_version"] != "synapsor.handler-writeback.v1":
            raise Denied(422, "SCHEMA_VERSION_UNKNOWN")
        change, target = request["change_set"], request["target"]
        scope, guards = change["scope"], change["guards"]
        key, tenant = target["primary_key"], target["tenant_key"]
        texts = [request["idempotency_key"], request["proposal_id"], scope["tenant_id"], scope["object_id"]]
        columns = [key["column"], tenant["column"], target["table"], target.get("schema", "public")]
        guard = [guards["expected_version"]["column"]] if "expected_version" in guards else list(guards["reviewed"])
        columns += [*guard, *guards.get("reviewed", {}), *change["before"]]
        # A requested dry run must never be taken for the real thing.
        flags = [request["dry_run"], request.get("settle", False)]
        is_sound = (
            all(isinstance(text, str) and text for text in texts)
            and all(IDENTIFIER.fullmatch(column) for column in columns)
            and all(isinstance(flag, bool) for flag in flags)
            and text_of(key["value"]) == scope["object_id"]
            and text_of(tenant["value"]) == scope["tenant_id"]
            and len(guard) > 0
            and isinstance(change["patch"], dict)
        )
        if "expires_at" in request:
            moment(request["expires_at"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Denied(422, "REQUEST_INVALID") from None
    if not is_sound:
        raise Denied(422, "REQUEST_INVALID")
    if change["action"] not in CAPABILITIES:
        raise Denied(404, "CAPABILITY_NOT_FOUND")
    return request


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


def digest_of(request):
    """Everything that says what is to be done, and nothing that may differ between two tries."""
    parts = [request["proposal_id"], request.get("proposal_hash"), request["change_set"], request["target"]]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


# The answers.


def echo(request, answer):
    names = ("proposal_id", "proposal_hash", "idempotency_key", "writeback_job_id")
    return {**answer, **{name: request[name] for name in names if name in request}}


def refused(request, code, status="failed", **more):
    answer = {"status": status, "rows_affected": 0, "source_database_mutated": False, "safe_error_code": code}
    return echo(request, {**answer, **more})


def stored(request, receipt):
    receipt_id, proposal_id, proposal_hash, digest, text = receipt
    given_hash = request.get("proposal_hash")
    # Hashes name the proposal whoever wrote the receipt; without one only a digest of our own tells requests apart.
    if proposal_hash is not None and given_hash is not None:
        is_same_request = (proposal_id, proposal_hash) == (request["proposal_id"], given_hash)
    else:
        is_same_request = digest == digest_of(request)
    if not is_same_request:
        return refused(request, "KEY_REUSED")
    if text is None:
        raise RuntimeError("A receipt was begun and never finished.")
    answer = json.loads(text)
    if answer["status"] == "applied":
        details = {**answer.get("details", {}), "original_receipt_id": receipt_id}
        answer = {**answer, "status": "already_applied", "details": details}
    return echo(request, answer)


# The transaction.


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def perform(connection, request):
    """One transaction: key, row, the app's function, receipt. The caller's connection is not in one yet."""
    key = request["idempotency_key"]
    with connection.transaction(force_rollback=request["dry_run"] and not request.get("settle", False)):
        cursor = connection.cursor()
        cursor.execute("set local lock_timeout = '5s'")
        cursor.execute(
            "insert into public.synapsor_handler_receipts"
            " (idempotency_key, receipt_id, proposal_id, proposal_hash, request_digest)"
            " values (%s, %s, %s, %s, %s) on conflict (idempotency_key) do nothing returning receipt_id",
            (key, f"hrc_{uuid.uuid4()}", request["proposal_id"], request.get("proposal_hash"), digest_of(request)),
        )
        if cursor.fetchone() is None:
            cursor.execute(
                "select receipt_id, proposal_id, proposal_hash, request_digest, answer"
                " from public.synapsor_handler_receipts where idempotency_key = %s",
                (key,),
            )
            return stored(request, cursor.fetchone())
        answer = attempt(connection, request)
        if request["dry_run"] and not request.get("settle", False):
            answer.pop("key_settled", None)
            return {**answer, "source_database_mutated": False, "details": {**answer.get("details", {}), "dry_run": True}}
        cursor.execute(
            "update public.synapsor_handler_receipts set answer = %s where idempotency_key = %s and answer is null",
            (json.dumps(answer), key),
        )
        if cursor.rowcount != 1:
            raise RuntimeError("The function ended the transaction itself.")
    return answer


def attempt(connection, request):
    try:
        if request.get("settle", False):
            raise Refusal("NOT_APPLIED")
        with connection.transaction():
            return change_row(connection.cursor(), request)
    except Refusal as refusal:
        return refused(request, refusal.code, refusal.status, key_settled=True)


def assert_not_expired(request):
    if "expires_at" in request and moment(request["expires_at"]) <= datetime.now(timezone.utc):
        raise Refusal("EXPIRED")


def change_row(cursor, request):
    change = request["change_set"]
    assert_not_expired(request)
    version = change["guards"].get("expected_version")
    row = lock_row(cursor, request)
    if row is None:
        raise Refusal("ROW_NOT_FOUND", "conflict")
    expected = {**change["guards"].get("reviewed", {}), **change["before"]}
    pairs = list(expected.items()) + ([(version["column"], version["value"])] if version else [])
    if any(not is_same(row[column], value) for column, value in pairs):
        raise Refusal("ROW_CHANGED", "conflict")
    assert_not_expired(request)
    effects = CAPABILITIES[change["action"]](change, cursor) or {}
    answer = {"status": "applied", "rows_affected": effects.get("rows_affected", 1), "source_database_mutated": True}
    more = {name: effects[name] for name in ("new_version", "new_object_id", "details") if name in effects}
    before = {"previous_version": version["value"]} if version else {}
    return echo(request, {**answer, **before, **more, "key_settled": True})


def lock_row(cursor, request):
    """Locks by value, then compares the bytes of key and tenant: a collation may call others equal to them."""
    change, target = request["change_set"], request["target"]
    key, tenant = target["primary_key"], target["tenant_key"]
    table = f"{quote(target.get('schema', 'public'))}.{quote(target['table'])}"
    where = f"where t.{quote(key['column'])} = %s and t.{quote(tenant['column'])} = %s"
    scope = (change["scope"]["object_id"], change["scope"]["tenant_id"])
    cursor.execute(f"select 1 from {table} t {where} for update", scope)
    version = change["guards"].get("expected_version")
    names = {key["column"], tenant["column"], *change["before"], *change["guards"].get("reviewed", {})}
    columns = sorted(names | ({version["column"]} if version else set()))
    # The texts of values depend on settings of the session; they go back with the savepoint.
    cursor.execute("savepoint synapsor_read")
    cursor.execute("set local timezone = 'UTC'")
    cursor.execute("set local datestyle = 'ISO, MDY'")
    cursor.execute("set local intervalstyle = 'postgres'")
    cursor.execute("set local bytea_output = 'hex'")
    cursor.execute("set local extra_float_digits = 1")
    selected = ", ".join(f"t.{quote(column)}::text" for column in columns)
    cursor.execute(f"select {selected} from {table} t {where}", scope)
    rows = [dict(zip(columns, values)) for values in cursor.fetchall()]
    cursor.execute("rollback to savepoint synapsor_read")
    exact = [row for row in rows if (row[key["column"]], row[tenant["column"]]) == scope]
    return exact[0] if len(exact) == 1 else None


def is_same(text, value):
    if text is None or value is None:
        return text is value
    return text == text_of(value)


# The server.


def create_app():
    import psycopg
    from fastapi import FastAPI, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse
    from psycopg_pool import ConnectionPool

    token, secret = secret_of("HANDLER_TOKEN"), secret_of("HANDLER_SECRET")
    pool = ConnectionPool(os.environ["DATABASE_URL"], kwargs={"autocommit": True}, open=True)
    with pool.connection() as connection:
        connection.execute(RECEIPTS)
    app = FastAPI(openapi_url=None)

    def work(request):
        with pool.connection() as connection:
            return perform(connection, request)

    @app.post("/writeback")
    async def writeback(http: Request):
        try:
            request = await receive(http, token, secret)
            answer = await run_in_threadpool(work, request)
        except Denied as denied:
            body = {"status": "failed", "rows_affected": 0, "source_database_mutated": False}
            return JSONResponse({**body, "safe_error_code": denied.code}, denied.status)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
            return JSONResponse({"error_code": "BUSY"}, 503, {"retry-after": "1"})
        except Exception:
            # Its text may hold values of the row: it goes to nobody but the log of the app.
            correlation_id = str(uuid.uuid4())
            print(json.dumps({"level": "error", "code": "HANDLER_FAILED", "correlation_id": correlation_id}))
            return JSONResponse({"error_code": "HANDLER_FAILED", "correlation_id": correlation_id}, 500)
        return JSONResponse(answer, 409 if answer["status"] == "conflict" else 200)

    return app


async def receive(http, token, secret):
    if not re.match(r"application/json *(;|$)", http.headers.get("content-type", ""), re.IGNORECASE):
        raise Denied(415, "MEDIA_TYPE")
    if not is_sender(http.headers, token):
        raise Denied(401, "UNAUTHORIZED")
    body = b""
    async for chunk in http.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Denied(413, "BODY_TOO_LARGE")
    if not is_signed(http.headers, body, secret):
        raise Denied(401, "SIGNATURE_INVALID")
    return check(parse(body))


def __getattr__(name):
    """The app is made when a server asks for it, so that the rest can be imported without a database."""
    if name != "app":
        raise AttributeError(name)
    globals()["app"] = create_app()
    return globals()["app"]
`,
}
