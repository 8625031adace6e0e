import type { ResolvedSelection } from '../../onboarding/resolve-selection.js'

interface Variable {
  readonly name: string
  readonly about: string
}

const URLS = {
  postgres: 'postgres://<role>:<password>@<host>:5432/<database>',
  mysql: 'mysql://<user>:<password>@<host>:3306/<database>',
} as const

/** Every variable that the contract names, with what it is for. No value. */
export function variablesOf(resolved: ResolvedSelection): readonly Variable[] {
  const { selection, change, handler, read_url_env, write_url_env, tenant_id_env, principal_env } = resolved
  const { engine } = selection
  const url = engine === 'sqlite' ? '' : URLS[engine]
  return [
    ...(engine === 'sqlite' ? [] : [{ name: read_url_env, about: `The role that reads: ${url}` }]),
    ...(write_url_env === undefined
      ? []
      : [{ name: write_url_env, about: `The role that writes, for who applies alone: ${url}` }]),
    ...(change?.writeback === 'http_handler'
      ? [
          { name: handler.url_env, about: 'Where the app takes approved changes.' },
          { name: handler.token_env, about: 'Its bearer token.' },
          { name: handler.secret_env, about: 'What requests to it are signed with: openssl rand -hex 32' },
        ]
      : []),
    ...(change?.writeback === 'command_handler'
      ? [
          {
            name: handler.command_env,
            about: 'The program that makes approved changes: a path, or a JSON array of program and arguments.',
          },
        ]
      : []),
    { name: tenant_id_env, about: 'The tenant that the agent works for.' },
    { name: principal_env, about: 'Who the agent is.' },
  ]
}

/** `.env.example`. */
export function renderEnvExample(resolved: ResolvedSelection): string {
  const head = '# Copy to .env and fill in. Keep .env to yourself.'
  return [head, ...variablesOf(resolved).map(({ name, about }) => `\n# ${about}\n${name}=`), ''].join('\n')
}
