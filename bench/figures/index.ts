import type { Figure } from '../figure.js'
import { adapters } from './adapters.js'
import { apply } from './apply.js'
import { applyHandler } from './apply-handler.js'
import { applyStatement } from './apply-statement.js'
import { cliList } from './cli-list.js'
import { createTools } from './create-tools.js'
import { cycle } from './cycle.js'
import { doctor } from './doctor.js'
import { growth } from './growth.js'
import { importAdapters, importPackage } from './import.js'
import { init } from './init.js'
import { inspect } from './inspect.js'
import { inspectCatalogue } from './inspect-catalogue.js'
import { langgraphLoop } from './langgraph-loop.js'
import { mcpEfficiency } from './mcp-efficiency.js'
import { mcpMemory } from './mcp-memory.js'
import { mcpParallel, mcpReadHttp, mcpReadStdio } from './mcp-read.js'
import { mcpStart } from './mcp-start.js'
import { memory } from './memory.js'
import { runCycle } from './run-cycle.js'
import { runOpen } from './run-open.js'
import { runResume } from './run-resume.js'
import { runStart } from './run-start.js'

/** In the order in which they are measured and reported. */
export const figures: readonly Figure[] = [
  inspect,
  apply,
  applyStatement,
  applyHandler,
  cycle,
  growth,
  importPackage,
  memory,
  adapters,
  createTools,
  importAdapters,
  langgraphLoop,
  runStart,
  runResume,
  runCycle,
  runOpen,
  mcpReadStdio,
  mcpReadHttp,
  mcpParallel,
  mcpStart,
  mcpMemory,
  mcpEfficiency,
  cliList,
  init,
  inspectCatalogue,
  doctor,
]
