// The refund as one tool of an MCP server, for the client that starts this process with the folder of a desk.
import { serveStdio } from '../../adapters/mcp/index.js'
import { openDesk } from './desk.js'

const [, , folder] = process.argv
const desk = await openDesk(folder)
// #region server
const { session } = desk
await serveStdio(session, { adapter: 'agent' })
// #endregion
process.stdin.once('end', () => desk.close())
