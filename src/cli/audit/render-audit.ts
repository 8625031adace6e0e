import type { AuditReport } from '../../audit/report.js'
import { renderJson } from '../text/json.js'
import { renderMarkdown } from './render-markdown.js'
import { renderSarif } from './render-sarif.js'
import { renderText } from './render-text.js'

export const AUDIT_FORMATS = ['text', 'json', 'markdown', 'sarif'] as const
export type AuditFormat = (typeof AUDIT_FORMATS)[number]

/** For `text` alone. */
export interface RenderOptions {
  /** Width of the lines. Default 80. */
  readonly columns?: number
  /** Default false. */
  readonly colors?: boolean
}

/**
 * Renders a report, without a line break at its end. Text of the audited server has no effect in any of the forms.
 *
 * @example
 * ```ts
 * io.out(`${renderAudit(report, 'text', { columns: io.columns, colors: io.colors })}\n`)
 * ```
 */
export function renderAudit(report: AuditReport, format: AuditFormat, options: RenderOptions = {}): string {
  if (format === 'json') return renderJson(report)
  if (format === 'sarif') return renderJson(renderSarif(report))
  return format === 'markdown' ? renderMarkdown(report) : renderText(report, options)
}
