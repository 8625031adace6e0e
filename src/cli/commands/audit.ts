import type { AuditReport } from '../../audit/report.js'
import { type Call, defineCommand } from '../command.js'
import { choice, integer, text, texts } from '../options.js'
import { needed, usageError } from '../usage-error.js'

const FORMATS = ['text', 'json', 'markdown', 'sarif'] as const

const OPTIONS = {
  format: choice('--format <format>', 'How the report is written. Default: text.', FORMATS),
  fail_on: choice('--fail-on <severity>', 'Exit 1 at a finding of this severity or above. Default: never.', [
    'high',
    'medium',
    'low',
  ]),
  mcp_config: text('--mcp-config <file>', 'Configuration of a client: are there ways past the reviewed tools in it?'),
  live: texts(
    '--live <server>',
    'Of that configuration, start or call this one, and ask for its tools. May be repeated.',
  ),
  auth_token_env: text('--auth-token-env <NAME>', 'Variable with a bearer token for the URL.'),
  pass_env: texts('--pass-env <NAME>', 'Environment variable that a started server gets besides PATH and the like.'),
  timeout: integer('--timeout-ms <n>', 'How long each server has. Default: 10000.', { maximum: 600_000 }),
}

/** `audit`. */
export const auditCommand = defineCommand({
  name: 'audit',
  aliases: ['mcp audit'],
  summary: 'Tell what a model could do with the tools of an MCP server.',
  details:
    'Reads a file of tools, or asks a server for initialize and tools/list, and calls no tool. A server over stdio is started: audit only what you would let a client start.',
  needs: 'nothing',
  args: [{ name: 'target', summary: 'A file, a URL, or stdio:<command>.', optional: true }],
  options: OPTIONS,
  examples: [
    'audit tools.json',
    'audit https://mcp.example.com/mcp --fail-on high',
    'audit "stdio:npx -y some-server"',
  ],
  async run(call, io) {
    const { mcp_config, live, auth_token_env, pass_env, timeout, fail_on } = call.options
    const format = formatOf(call)
    const target = needed(
      call.args.target ?? mcp_config,
      'The target',
      'Give a file, a URL, stdio:<command>, or --mcp-config <file>.',
    )
    const [{ auditTarget }, { renderAudit }, { failsOn }] = await Promise.all([
      import('../audit/audit-target.js'),
      import('../audit/render-audit.js'),
      import('../../audit/audit.js'),
    ])
    const report: AuditReport = await auditTarget(target, {
      cwd: io.cwd,
      env: io.env,
      now: io.now,
      mcp_config: call.args.target === undefined ? undefined : mcp_config,
      live,
      auth_token_env,
      pass_env,
      timeout_ms: timeout,
    })
    return {
      document: report,
      render: ({ columns }) => renderAudit(report, format, { columns, colors: io.colors }),
      exit_code: failsOn(report, fail_on ?? 'none') ? 1 : 0,
    }
  },
})

function formatOf({ options, json }: Call<typeof OPTIONS>): (typeof FORMATS)[number] {
  const { format } = options
  if (!json) return format ?? 'text'
  if (format === undefined || format === 'json') return 'json'
  throw usageError('--json prints the report as JSON.', 'Leave one of --json and --format out.')
}
