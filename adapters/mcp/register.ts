import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import * as z from 'zod'
import { RunnerError } from '../../src/errors.js'
import type { Config, ObjectSchema, ToolDefinition, ToolSource, Toolset } from '../../src/index.js'
import type { McpHostContext } from './host-context.js'
import { readResource, TEMPLATES } from './resources.js'
import { callTool, type McpToolOptions } from './result.js'
import { resultOf } from './server.js'
import { aliasMode } from './surface.js'
import { namesOf } from './tools-listed.js'

/**
 * Adds the tools of a contract, and the proposals that are made with them, to a server of your own. Do it before the
 * server is connected.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed or an `adapter` that the contract
 * lacks, `INVALID_ARGUMENT` for an option that is none, a low-level `Server`, or a server that has such tools already.
 *
 * @example
 * ```ts
 * const server = new McpServer({ name: 'support', version: '1.0.0' })
 * server.registerTool('opening_hours', { description: 'Tells when we are open.' }, openingHours)
 * registerMcpTools(server, runner.session({ tenant_id: 'acme', principal: 'support_agent_17' }))
 * ```
 */
export function registerMcpTools<C extends Config>(
  server: McpServer,
  source: ToolSource<C, McpHostContext>,
  options: McpToolOptions<C> = {},
): void {
  assertMcpServer(server)
  const { envelope_in_meta = false, alias_mode, ...toolOptions } = options
  const mode = aliasMode(alias_mode)
  const toolset = source.toolset(toolOptions)
  const added: { remove(): void }[] = []
  try {
    for (const tool of toolset.tools) {
      for (const name of namesOf(tool, mode)) added.push(addTool(server, name, tool, envelope_in_meta))
    }
    for (const template of TEMPLATES) added.push(addTemplate(server, toolset, template))
  } catch (error) {
    // A name is taken: what is half there would be in the way of a second try.
    for (const each of added) each.remove()
    throw error
  }
  known.add(server)
}

function addTool(server: McpServer, name: string, tool: ToolDefinition, inMeta: boolean) {
  const { title, description, annotations } = tool
  const inputSchema = anyObject(tool.input_schema)
  const outputSchema = anyObject(tool.output_schema)
  return server.registerTool(
    name,
    { title, description, annotations, inputSchema, outputSchema },
    (args: Record<string, unknown>, extra) => callTool(tool, args, extra, inMeta),
  )
}

function addTemplate(server: McpServer, toolset: Toolset, { name, uriTemplate, ...about }: (typeof TEMPLATES)[number]) {
  const template = new ResourceTemplate(uriTemplate, { list: undefined })
  return server.registerResource(name, template, about, async (uri, _variables, extra) =>
    resultOf(await readResource(toolset, uri.href, extra)),
  )
}

/**
 * A schema that is listed as `schema` and takes any object: arguments are checked by the core, which refuses in its own
 * words and keeps count. The SDK would answer in its own before the core is asked.
 */
function anyObject(schema: ObjectSchema) {
  const any = z.looseObject({})
  // Not `meta`: its registry is not shared with other versions of zod, of which the SDK may use one.
  any._zod.toJSONSchema = () => ({ ...schema })
  return any
}

const known = new WeakSet<object>()

/** Callers without types give the wrong server, too. */
function assertMcpServer(server: object): void {
  if (known.has(server)) {
    throw new RunnerError(
      'INVALID_ARGUMENT',
      'This server has the tools of a contract already. Add all of them at once.',
      {
        details: { argument: 'server' },
      },
    )
  }
  if ('registerTool' in server) return
  throw new RunnerError(
    'INVALID_ARGUMENT',
    'A low-level Server answers tools/list by itself, so no tools can be added to it. Give an McpServer, or make a server of its own with createMcpServer.',
    { details: { argument: 'server' } },
  )
}
