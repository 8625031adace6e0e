import { describeAttacks } from './adapter-attacks.js'
import { describeAdapter } from './adapter-cases.js'
import { mcpDriver } from './mcp-world.js'

describeAdapter(mcpDriver('createMcpServer'))
describeAdapter(mcpDriver('registerMcpTools'))
describeAttacks(mcpDriver('createMcpServer'))
describeAttacks(mcpDriver('registerMcpTools'))
