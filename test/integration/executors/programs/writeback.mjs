/** A program of an app: reads one request, and behaves as its first argument says. It notes what it did in a file. */
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'

const [behaviour, notes] = process.argv.slice(2)
let text = ''
for await (const chunk of process.stdin) text += chunk
const request = JSON.parse(text)
const done = existsSync(notes) && readFileSync(notes, 'utf8').includes(request.idempotency_key)

const perform = () => {
  if (!done) appendFileSync(notes, `${request.idempotency_key}\n`)
  return { status: done ? 'already_applied' : 'applied', rows_affected: 1, source_database_mutated: true }
}
const print = (answer) => process.stdout.write(JSON.stringify(answer))
const forever = () => setInterval(() => undefined, 1000)

const BEHAVIOURS = {
  honest: () => print(perform()),
  env: () => print({ ...perform(), details: { env: Object.keys(process.env).sort(), args: process.argv.slice(4) } }),
  hang: () => {
    perform()
    forever()
  },
  garbage: () => {
    perform()
    process.stdout.write('Done.\n')
  },
  fail: () => {
    print(perform())
    process.exitCode = 3
  },
  killed: () => {
    perform()
    process.kill(process.pid, 'SIGKILL')
  },
  endless: () => {
    perform()
    const more = () => {
      while (process.stdout.write('x'.repeat(65536)));
      process.stdout.once('drain', more)
    }
    more()
  },
  noise: () => {
    process.stderr.write('x'.repeat(4 * 1024 * 1024))
    print(perform())
  },
  // A child of its own keeps the output open, and notes that it lives.
  fork: () => {
    print(perform())
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'inherit' })
    appendFileSync(notes, `child ${child.pid}\n`)
  },
}
BEHAVIOURS[behaviour]()
