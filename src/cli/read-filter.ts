import { given } from './given.js'
import { PAGING } from './list-options.js'
import { type OptionValues, text } from './options.js'
import { usageError } from './usage-error.js'

/** What narrows a list of reads. */
export const READ_OPTIONS = {
  tenant: text('--tenant <id>', 'Only of this tenant.'),
  capability: text('--capability <name>', 'Only of this capability. Needs --tenant.'),
  ...PAGING,
}

/** The filter that the options mean. No index holds capabilities alone, so a tenant must be named beside one. */
export function readFilter({ tenant, capability, limit, cursor }: OptionValues<typeof READ_OPTIONS>) {
  if (capability !== undefined && tenant === undefined) {
    throw usageError('--capability only narrows what is listed of one tenant.', 'Give --tenant <id> as well.')
  }
  return given({ tenant_id: tenant, capability, limit, cursor })
}
