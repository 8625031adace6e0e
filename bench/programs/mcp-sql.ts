/** An MCP server as agents are often given: the tables, their columns, and any SQL. What the tool list is compared with. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import pg from 'pg'
import { z } from 'zod'

const [url = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: url, max: 1 })

const server = new McpServer({ name: 'sql', version: '1.0.0' })
server.registerTool('list_tables', { description: 'Lists the tables of the database.', inputSchema: {} }, async () =>
  answer(await pool.query(`select table_name from information_schema.tables where table_schema = 'public'`)),
)
server.registerTool(
  'describe_table',
  {
    description: 'Describes the columns of a table.',
    inputSchema: { table: z.string().describe('Name of the table.') },
  },
  async ({ table }) =>
    answer(
      await pool.query(
        `select column_name, data_type, is_nullable from information_schema.columns
         where table_schema = 'public' and table_name = $1 order by ordinal_position`,
        [table],
      ),
    ),
)
server.registerTool(
  'execute_sql',
  {
    description: 'Executes an SQL statement and returns its rows, or how many rows it has changed.',
    inputSchema: { sql: z.string().describe('The SQL statement.') },
  },
  async ({ sql }) => answer(await pool.query(sql)),
)
await server.connect(new StdioServerTransport())
process.stdin.once('end', () => void pool.end())

function answer({ command, rows, rowCount }: pg.QueryResult) {
  const shown = command === 'SELECT' ? rows : { rows_affected: rowCount }
  return { content: [{ type: 'text' as const, text: JSON.stringify(shown) }] }
}
