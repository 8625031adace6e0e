// An MCP server as a client starts it. Speaks on stderr, too, which nobody is to hear.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { shopServer } from './servers.js'

process.stderr.write('SECRET-ON-STDERR\n')
if (process.argv[2] === 'noise') process.stdout.write('Listening…\n{"not":"a message"}\n')
await shopServer().connect(new StdioServerTransport())
