import type { Reporter, TestModule } from 'vitest/node'

/** Prints the closing line that tells how a run went: `N passed, N failed`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = modules.map(countModule)
    const passed = sum(counts.map((count) => count.passed))
    const failed = sum(counts.map((count) => count.failed)) + unhandledErrors.length
    // A run in which nothing ran broke before its first test.
    const brokeBefore = passed + failed === 0
    process.stdout.write(`\n${passed} passed, ${brokeBefore ? 1 : failed} failed\n`)
  }
}

function countModule(module: TestModule): { passed: number; failed: number } {
  const passed = [...module.children.allTests('passed')].length
  const failed = [...module.children.allTests('failed')].length

  // A file that does not load, or whose hook fails, has no failed test of its own and still must count.
  const failedOutsideItsTests = failed === 0 && module.state() === 'failed'
  return { passed, failed: failedOutsideItsTests ? 1 : failed }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
