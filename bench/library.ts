/** What the figures use of the package, built as it is published: compiled on the fly it would be slower. */
export { createAISDKTools } from '../adapters/ai/index.js'
export { createFunctionTools } from '../adapters/function-calling/index.js'
export { createLangGraphTools } from '../adapters/langgraph/index.js'
export { createMcpServer } from '../adapters/mcp/index.js'
export { createOpenAIAgentsTools } from '../adapters/openai-agents/index.js'
export { openDriver } from '../src/drivers/open-driver.js'
export { openSqlite, type SqliteDatabase } from '../src/drivers/sqlite-library.js'
export { createWritebackHandler, migrateHandler, postgresDatabase, toNodeHandler } from '../src/handler/index.js'
export { createRunner } from '../src/index.js'
export { openSqliteLedger } from '../src/ledger/sqlite.js'
export { assessSurvey } from '../src/onboarding/assess-survey.js'
export { HANDLER_HEADERS, HANDLER_SCHEMA_VERSION, signHandlerBody } from '../src/protocol/handler.js'
export {
  sampleApproval,
  sampleEvidence,
  sampleId,
  sampleProposal,
  sampleReceiptEntry,
  sampleStart,
} from '../src/testing/ledger-samples.js'
