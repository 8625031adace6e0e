// An MCP server as a client starts it: node --import tsx mcp-stdio-program.ts <contract> <ledger>
import { serveStdio } from '../../../adapters/mcp/index.js'
import { createRunner, loadConfig } from '../../../src/index.js'
import { agent } from '../loop/loop.js'

const [, , contract, ledger = ':memory:'] = process.argv
await serveStdio(createRunner(loadConfig(contract), { ledger }).session(agent))
