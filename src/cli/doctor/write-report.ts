import type { Finding, ParsedConfig } from '../../index.js'
import { writePrivate } from '../files.js'
import type { Io } from '../io.js'
import { buildReport, renderMarkdown } from './report.js'

/** @throws RunnerError `INVALID_ARGUMENT` where the file cannot be written. */
export function writeReport(
  path: string,
  { findings, config }: { readonly findings: readonly Finding[]; readonly config: ParsedConfig },
  io: Io,
): void {
  const report = buildReport(findings, config, io.env)
  const content = path.endsWith('.json') ? `${JSON.stringify(report, null, 2)}\n` : renderMarkdown(report)
  writePrivate(path, content, io)
}
