import { given } from '../given.js'
import type { OptionValues } from '../options.js'
import { choice, text, texts } from '../options.js'

/** What every MCP server is told about its tools. */
export const TOOL_OPTIONS = {
  alias_mode: choice('--alias-mode <mode>', 'How tools are named: billing__inspect, billing.inspect, or both.', [
    'openai',
    'canonical',
    'both',
  ]),
  adapter: text('--adapter <name>', 'Exposes what this adapter of the contract names.'),
  only: texts('--only <name>', 'Only this capability. May be repeated.'),
  mode: choice('--mode <mode>', 'What is exposed. Default: both.', ['capabilities', 'workflows', 'both']),
}

/** The same as the adapter takes it. */
export function toToolOptions({ alias_mode, adapter, only, mode }: OptionValues<typeof TOOL_OPTIONS>) {
  return given({ alias_mode, adapter, only, mode })
}
