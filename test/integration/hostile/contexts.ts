import { describe, expect, it } from 'vitest'
import { createRunner, type Runner } from '../../../src/index.js'
import { contractOf } from '../loop/loop.js'
import { entriesFor } from './corpus.js'
import type { Market } from './market.js'

const keys = { tenant_id_key: 'org', principal_key: 'sub' }
const variables = { tenant_id_env: 'TENANT_ID', principal_env: 'PRINCIPAL' }

/** Tenants that come from claims and from the environment. */
export function contextCases(market: () => Market): void {
  const runnerWith = (trusted_context: object, env: Record<string, string> = {}): Runner =>
    createRunner(contractOf(market().shop, { config: { trusted_context } }), {
      connections: { shop: market().tap.connections },
      env,
      ledger: ':memory:',
      logger: { info: () => undefined, warn: () => undefined },
    })
  const withClaims = () => runnerWith({ provider: 'http_claims', values: keys })

  describe('a trusted context', () => {
    /** Refused before anything is sent, or a name that has no rows. */
    const expectNobody = async (
      runner: Runner,
      given?: { readonly claims: Record<string, unknown> },
    ): Promise<void> => {
      const { tap, absent } = market()
      const before = tap.sent.length
      try {
        const session = runner.session(given)
        expect(await session.call('billing.inspect_invoice', { invoice_id: 'INV-1' })).toEqual(absent.invoice)
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(CONTEXT_MISSING|ENV_MISSING)$/) })
        expect(tap.sent.length).toBe(before)
      }
    }

    it.each(entriesFor('env:TENANT_ID|claim'))('$id in a claim names nobody', async ({ value }) => {
      await using runner = withClaims()
      await expectNobody(runner, { claims: { org: value, sub: 'p' } })
    })

    it.each(entriesFor('env:TENANT_ID|claim'))('$id in the environment names nobody else', async ({ value }) => {
      const env = { TENANT_ID: String(value), PRINCIPAL: 'p' }
      await using runner = runnerWith({ provider: 'environment', values: variables }, env)
      // An environment file ends its lines: a name is taken without the blanks around it.
      if (String(value).trim() === 'acme') expect(runner.session().context.tenant_id).toBe('acme')
      else await expectNobody(runner)
    })

    it('takes no claim from a prototype', async () => {
      await using runner = withClaims()
      const claims = Object.create({ org: 'acme', sub: 'p' }) as Record<string, unknown>

      expect(() => runner.session({ claims })).toThrow(expect.objectContaining({ code: 'CONTEXT_MISSING' }))
    })

    it('is not what another provider needs', async () => {
      await using runner = withClaims()

      expect(() => runner.session({ tenant_id: 'acme', principal: 'p' })).toThrow(
        expect.objectContaining({ code: 'CONTEXT_MISSING', next: expect.stringContaining('{ claims }') }),
      )
      expect(() => runner.session()).toThrow(expect.objectContaining({ code: 'CONTEXT_MISSING' }))
    })

    it('cannot be changed once the session has it', () => {
      const { context } = market().session
      expect(Object.isFrozen(context)).toBe(true)
      expect(Object.isFrozen(market().session)).toBe(true)
    })
  })
}
