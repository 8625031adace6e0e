import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as z from 'zod'
import { event } from '../../../src/cli/documents/records.js'
import { createDesk, type Desk, documentOf, errorCodeOf } from '../../support/cli.js'
import { editLedger } from '../../support/edit-ledger.js'

let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})

afterEach(() => desk.close())

function propose(invoice_id = 'INV-3001') {
  return desk.agent().propose('billing.propose_late_fee_waiver', { invoice_id, reason: 'Sent to an old address.' })
}

const tail = z.object({ items: z.array(event), next_since: z.int() })

/** The places that a call of `events tail --json` told of. */
async function placesOf(line: string): Promise<{ places: readonly number[]; next_since: number }> {
  const { items, next_since } = tail.parse(documentOf('events tail', await desk.run(`${line} --json`)))
  return { places: items.map(({ seq }) => seq), next_since }
}

it('tells what happened, the oldest first, on one line each', async () => {
  const { id, hash } = await propose()
  await desk.runner.approve(id, { hash, approver: { id: 'carol' }, reason: 'Agreed.' })
  await desk.runner.apply(id)
  const { out } = await desk.run('events')
  expect(out).toBe(`\
1  2026-03-01T09:00:00.000Z  ${id}  sam  proposed on INV-3001: billing.propose_late_fee_waiver
2  2026-03-01T09:00:00.000Z  ${id}  carol  approved: Agreed.
3  2026-03-01T09:00:00.000Z  ${id}  apply began, attempt 1
4  2026-03-01T09:00:00.000Z  ${id}  applied, 1 row
`)
})

it('tells the last ones, and with --since what stands behind that place', async () => {
  for (const invoice of ['INV-3001', 'INV-3002', 'INV-3003']) await propose(invoice)
  expect(await placesOf('events tail')).toEqual({ places: [1, 2, 3], next_since: 3 })
  expect(await placesOf('events tail --limit 2')).toEqual({ places: [2, 3], next_since: 3 })
  expect(await placesOf('events tail --since 0 --limit 2')).toEqual({ places: [1, 2], next_since: 2 })
  expect(await placesOf('events tail --since 2 --limit 2')).toEqual({ places: [3], next_since: 3 })
  expect(await placesOf('events tail --since 3')).toEqual({ places: [], next_since: 3 })
  expect((await desk.run('events tail --since 3')).out).toBe('Nothing has happened since.\n')
})

it('follows: every entry once, whatever is written meanwhile, until it is told to stop', async () => {
  await propose()
  const { stop, end } = later()
  const told: number[] = []
  const following = desk.run('events tail --follow --since 0 --json', {
    stop,
    heard: (text) => {
      told.push(event.parse(JSON.parse(text)).seq)
      if (told.length === 131) end()
    },
  })
  for (let round = 0; round < 65; round += 1) {
    const { id } = await propose('INV-3002')
    await desk.agent().withdraw(id)
  }
  expect(await following).toMatchObject({ exit_code: 0, err: '' })
  expect(told).toEqual(Array.from({ length: 131 }, (_, place) => place + 1))
})

it('stops in the middle of much that it has to tell', async () => {
  for (let round = 0; round < 65; round += 1) {
    const { id } = await propose('INV-3002')
    await desk.agent().withdraw(id)
  }
  const { stop, end } = later()
  const told: string[] = []
  const heard = (text: string) => {
    told.push(text)
    setImmediate(end)
  }
  expect(await desk.run('events tail --follow --since 0 --json', { stop, heard })).toMatchObject({ exit_code: 0 })
  expect(told.length).toBeLessThan(130)
})

it('follows in words, from the last ones on', async () => {
  for (const invoice of ['INV-3001', 'INV-3002', 'INV-3003']) await propose(invoice)
  const { stop, end } = later()
  const lines: string[] = []
  const heard = (text: string) => {
    lines.push(text)
    if (lines.length === 1) end()
  }
  await desk.run('events tail --follow --limit 1', { stop, heard })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^3 {2}.* {2}sam {2}proposed on INV-3003: .*\n$/)
})

it('gives entries whose content was erased without it', async () => {
  const { id } = await propose()
  await desk.agent().withdraw(id)
  desk.clock.advance(100 * 86_400_000)
  await desk.runner.ledger.prune({ older_than: desk.clock.now() })
  const { out } = await desk.run('events tail')
  expect(out).toContain('proposal.created; its content was erased')
  const { items } = tail.parse((await desk.run('events tail --json')).document)
  expect(items).toMatchObject([{ body: null }, { body: null }])
})

it('does not pass over an entry that was removed', async () => {
  for (const invoice of ['INV-3001', 'INV-3002', 'INV-3003']) await propose(invoice)
  await editLedger(join(desk.folder, '.synapsor/local.db'), 'delete from entries where seq = 2')
  expect(errorCodeOf(await desk.run('events tail --json'))).toBe('INTEGRITY')
  expect(await placesOf('events tail --since 2')).toEqual({ places: [3], next_since: 3 })
})

it('knows when a place cannot be meant', async () => {
  await propose()
  for (const line of ['events tail --since 2', 'events tail --since -1', 'events --follow --since 0 --limit 1']) {
    expect(await desk.run(line), line).toMatchObject({ exit_code: 2 })
  }
})

it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 at %s', async (signal) => {
  await propose()
  const follower = startFollowing()
  await once(follower.stdout, 'data')
  follower.kill(signal)
  expect(await once(follower, 'exit')).toEqual([0, null])
})

it('ends with 0 once nobody reads any more', async () => {
  await propose()
  const follower = startFollowing()
  await once(follower.stdout, 'data')
  follower.stdout.destroy()
  await propose('INV-3002')
  expect(await once(follower, 'exit')).toEqual([0, null])
})

/** A stop that comes when it is called for. */
function later(): { readonly stop: Promise<void>; readonly end: () => void } {
  let end = () => {}
  const stop = new Promise<void>((resolve) => {
    end = resolve
  })
  return { stop, end: () => end() }
}

function startFollowing() {
  const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))
  const argv = ['--import', import.meta.resolve('tsx'), main, 'events', 'tail', '--follow', '--json']
  return spawn(process.execPath, argv, { cwd: desk.folder, stdio: ['ignore', 'pipe', 'inherit'] })
}
