import { defineConfig, type Options } from 'tsup'

const library = {
  index: 'src/index.ts',
  ai: 'adapters/ai/index.ts',
  'openai-agents': 'adapters/openai-agents/index.ts',
  langgraph: 'adapters/langgraph/index.ts',
  mcp: 'adapters/mcp/index.ts',
  'function-calling': 'adapters/function-calling/index.ts',
  handler: 'src/handler/index.ts',
  testing: 'src/testing/index.ts',
}

const shared = {
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  splitting: true,
  treeshake: false,
  sourcemap: true,
  // Optional dependencies are bundled unless they are named here.
  external: ['@photostructure/sqlite', 'node:sqlite', 'pg', 'mysql2'],
} satisfies Options

/** What apps import: everything that is installed beside it is shared with them. */
export const libraryOptions: Options = {
  ...shared,
  entry: library,
  // All but the command line, which is built at the same time.
  clean: ['!cli.js*', '!cli/**'],
  // tsup sets `baseUrl` while it writes declarations; TypeScript 6 calls that deprecated.
  dts: { entry: library, compilerOptions: { ignoreDeprecations: '6.0' } },
}

/**
 * What a process of its own runs. It opens few files, as opening them is most of what a short command takes: so it has
 * a copy of the core, and of the libraries that every command needs. NOTICE names them.
 */
export const commandLineOptions: Options = {
  ...shared,
  entry: { cli: 'src/cli/main.ts' },
  noExternal: ['zod', 'commander', 'canonicalize', 'decimal.js', 'fast-string-width', 'picocolors'],
  // tsup would resolve what is built in before the plugin below does.
  removeNodeProtocol: false,
  // Its chunks alone: the entry is written anew, and what lies beside it belongs to the library.
  clean: ['!*.*'],
  esbuildOptions: (options) => {
    options.chunkNames = 'cli/[name]-[hash]'
  },
  esbuildPlugins: [
    {
      name: 'builtin-modules',
      // In an ES module there is no `require`, by which bundled CommonJS asks for what Node.js has built in.
      setup: ({ onResolve, onLoad }) => {
        onResolve({ filter: /^node:/ }, ({ kind, path }) =>
          kind === 'require-call' ? { path, namespace: 'builtin' } : undefined,
        )
        onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
          contents: `module.exports = process.getBuiltinModule('${path}')`,
        }))
      },
    },
  ],
}

export default defineConfig([libraryOptions, commandLineOptions])
