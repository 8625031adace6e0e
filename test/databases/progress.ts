/** Tells a waiting person what takes time. Goes to stderr, which leaves stdout to the addresses. */
export function report(message: string): void {
  process.stderr.write(`[test databases] ${message}\n`)
}
