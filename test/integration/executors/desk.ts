import { isRunnerError, type Proposal, type RunnerError, type Runtime } from '../../../src/index.js'
import { type Change, type Loop, openLoop } from '../loop/loop.js'
import type { Shop } from '../loop/shop.js'
import { type App, openApp } from './app.js'

export const TOKEN = 'token-of-the-handler-4cb1f0aa0c7e4f9b'
export const SECRET = 'secret-for-signatures-9e107d9d372bb682'

/** A desk whose waivers are made by an app over HTTP. */
export interface Desk extends Loop {
  readonly app: App
  /** Applies, and gives the receipt's status or the code of the error. */
  outcome(id: string): Promise<string>
}

export interface DeskOptions {
  readonly executor?: Readonly<Record<string, unknown>>
  readonly propose?: Readonly<Record<string, unknown>>
  readonly runtime?: Runtime
  readonly env?: Readonly<Record<string, string>>
}

export async function openDesk(shop: Shop, options: DeskOptions = {}): Promise<Desk> {
  const app = await openApp(shop)
  const env = { ...shop.env, APP_URL: app.url, APP_TOKEN: TOKEN, APP_SECRET: SECRET, ...options.env }
  const loop = await openLoop(shop, changeOf(options), { env, ...options.runtime })
  return {
    ...loop,
    app,
    outcome: (id) => loop.runner.apply(id).then(({ status }) => status, codeOf),
    close: async () => {
      await loop.close()
      await app.close()
    },
  }
}

export function changeOf({ executor = {}, propose = {} }: DeskOptions = {}): Change {
  return {
    propose: { executor: 'app', ...propose },
    config: {
      executors: {
        app: {
          type: 'http_handler',
          url_env: 'APP_URL',
          auth: { type: 'bearer_env', token_env: 'APP_TOKEN' },
          signing_secret_env: 'APP_SECRET',
          timeout_ms: 400,
          ...executor,
        },
      },
    },
  }
}

export function codeOf(error: unknown): string {
  return isRunnerError(error) ? error.code : String(error)
}

export async function refusal(work: Promise<unknown>): Promise<RunnerError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (isRunnerError(error)) return error
  throw new Error('Nothing was refused.')
}

export async function statusOf({ runner }: Pick<Desk, 'runner'>, { id }: Pick<Proposal, 'id'>): Promise<string> {
  return (await runner.proposals.get(id)).status
}
