import { defineConfig } from 'vitest/config'

const minute = 60_000

export default defineConfig({
  test: {
    reporters: ['default', './test/support/summary-reporter.ts'],
    testTimeout: minute,
    hookTimeout: 2 * minute,
    pool: 'forks',
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'adapters/**/*.ts'],
      exclude: ['src/cli/**'],
      reporter: ['text-summary', 'json-summary', 'lcovonly'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          typecheck: {
            enabled: true,
            include: ['test/types/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
            // The package tests check the types of all sources; here only the type tests speak.
            ignoreSourceErrors: true,
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/databases/**/*.test.ts'],
          globalSetup: ['./test/support/global-databases.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts', 'test/boundaries.test.ts'],
          globalSetup: ['./test/support/global-build.ts'],
        },
      },
    ],
  },
})
