import { describeAttacks } from './adapter-attacks.js'
import { describeAdapter } from './adapter-cases.js'
import { mcpDriver } from './mcp-world.js'
import { describeWorkflows } from './workflow-cases.js'

describeAdapter(mcpDriver('createMcpServer'))
describeAdapter(mcpDriver('registerMcpTools'))
describeAttacks(mcpDriver('createMcpServer'))
describeWorkflows(mcpDriver('createMcpServer'))
describeAttacks(mcpDriver('registerMcpTools'))
describeWorkflows(mcpDriver('registerMcpTools'))
