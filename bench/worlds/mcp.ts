import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { builtCli } from '../build.js'
import { agent, contractOf, type SourceOfContract } from '../contract.js'
import type { Bench } from '../figure.js'
import { openPostgres } from './postgres.js'
import { ledgerIn, READ_URL, serverSource } from './world.js'

/** A process of the command line, ready to be spawned by Node.js. */
export interface Program {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** A contract in a file, and the command line on it. */
export interface CommandLine {
  /** Where the contract is, and what else processes leave behind. */
  readonly folder: string
  readonly ledger: string
  /** What runs `synapsor-runner`, built as it is published, with these words. */
  program(...words: readonly string[]): Program
}

/** Writes the contract of the other figures, for the one tenant and principal that a process of its own serves. */
export function writeContract(
  bench: Bench,
  source: SourceOfContract,
  env: Readonly<Record<string, string>> = {},
): CommandLine {
  const folder = bench.folder()
  const config = join(folder, 'synapsor.runner.json')
  const ledger = ledgerIn(folder)
  writeFileSync(config, JSON.stringify({ ...contractOf(source), trusted_context: { provider: 'environment' } }))
  return {
    folder,
    ledger,
    program: (...words) => ({
      args: [builtCli, ...words, '--config', config, '--store', ledger],
      env: { SYNAPSOR_TENANT_ID: agent.tenant_id, SYNAPSOR_PRINCIPAL: agent.principal, ...env },
    }),
  }
}

/** Invoices on PostgreSQL, and a contract that a process of its own serves. */
export interface McpWorld extends CommandLine {
  readonly reader_url: string
  readonly writer_url: string
  close(): Promise<void>
}

/** The server reads with a credential of its own, and has none that writes. */
export async function openMcpWorld(bench: Bench, rows: number): Promise<McpWorld> {
  const { urls, close } = await openPostgres(bench, rows)
  return { ...writeContract(bench, serverSource('postgres'), { [READ_URL]: urls.reader_url }), ...urls, close }
}

/** Starts a server over stdio, and reads the list of its tools, as clients do before they call one. */
export async function connectStdio({ args, env }: Program): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...args],
    env: { ...env },
    stderr: 'ignore',
  })
  await client.connect(transport)
  await client.listTools()
  return client
}

/** Calls a tool, and fails unless it did what it is for: a refusal is quicker. */
export async function callTool(client: Client, name: string, args: Record<string, unknown>) {
  const result = await client.callTool({ name, arguments: args })
  if (result.isError === true) throw new Error(`${name} refused: ${JSON.stringify(result.content)}`)
  return result
}
