// An MCP server over stdio beside code that prints: node --import tsx stdio-program.ts <contract> <ledger>
import { serveStdio } from '../../../adapters/mcp/index.js'
import { createRunner, loadConfig } from '../../../src/index.js'
import { agent } from '../loop/loop.js'

const [, , contract, ledger = ':memory:'] = process.argv
const runner = createRunner(loadConfig(contract), { ledger })
const log = (line: string) => void process.stderr.write(`${line}\n`)
const { closed, close } = await serveStdio(runner.session(agent), { line_bytes: 100_000, log })
console.log('noise of a library')
process.stdout.write('more noise\n')
process.once('SIGTERM', () => void close())
await closed
await runner.close()
console.log('after it, stdout is given back')
