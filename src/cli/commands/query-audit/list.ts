import type { AuditRecord } from '../../../index.js'
import { defineCommand, type View } from '../../command.js'
import { READ_OPTIONS, readFilter } from '../../read-filter.js'
import { renderPage } from '../../text/page.js'
import type { Column } from '../../text/table.js'
import { age } from '../../text/time.js'

/** `query-audit list`, and `query-audit` alone. */
export const queryAuditList = defineCommand({
  name: 'query-audit list',
  is_default: true,
  summary: 'List which statement was sent for whom, the newest first.',
  details: 'Statements are named by their fingerprint; no value of any is kept here.',
  needs: 'runner',
  options: READ_OPTIONS,
  examples: ['query-audit list --tenant acme'],
  async run(call) {
    const filter = readFilter(call.options)
    const runner = await call.runner()
    const page = await runner.audit.list(filter)
    return {
      document: page,
      render: (view) => renderPage(page, columnsOf(view), { none: 'No such statement was sent.', view }),
    }
  },
})

function columnsOf({ now }: View): readonly Column<AuditRecord>[] {
  return [
    { title: 'AGE', value: ({ at }) => age(at, now), align: 'right' },
    { title: 'QUERY', value: ({ query_fingerprint }) => shortened(query_fingerprint) },
    { title: 'ROWS', value: ({ row_count }) => String(row_count), align: 'right' },
    { title: 'CAPABILITY', value: ({ capability }) => capability, narrow: 'cut' },
    { title: 'SENT FOR', value: ({ principal }) => principal, narrow: 'cut' },
    { title: 'TENANT', value: ({ tenant_id }) => tenant_id, narrow: 'cut' },
    { title: 'SOURCE', value: ({ source }) => source, narrow: 'drop' },
    { title: 'EVIDENCE', value: ({ bundle_id }) => bundle_id, narrow: 'drop' },
  ]
}

/** Enough to tell two statements from each other. */
function shortened(fingerprint: string): string {
  return fingerprint.replace('sha256:', '').slice(0, 12)
}
