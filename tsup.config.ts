import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    ai: 'adapters/ai/index.ts',
    'openai-agents': 'adapters/openai-agents/index.ts',
    langgraph: 'adapters/langgraph/index.ts',
    mcp: 'adapters/mcp/index.ts',
    'function-calling': 'adapters/function-calling/index.ts',
    testing: 'src/testing/index.ts',
  },
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  splitting: true,
  treeshake: false,
  sourcemap: true,
  clean: true,
  // Optional dependencies are bundled unless they are named here.
  external: ['@photostructure/sqlite', 'node:sqlite', 'pg', 'mysql2'],
  // tsup sets `baseUrl` while it writes declarations; TypeScript 6 calls that deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
