import * as z from 'zod'
import { once } from '../protocol/once.js'
import { envName } from './names.js'

const trusted = (label: string) =>
  z
    .string()
    .regex(/\S/, { error: `Give the ${label}; a blank is refused.` })
    .max(512)
    .describe(`The literal ${label}.`)

const claim = (label: string) =>
  z.string().min(1, { error: 'Name a claim.' }).max(256).describe(`The verified claim that holds the ${label}.`)

const environment = once(() =>
  z.strictObject({
    provider: z.literal('environment').describe('Tenant and principal from environment variables.'),
    values: z
      .strictObject({
        tenant_id_env: envName().default('SYNAPSOR_TENANT_ID').describe('Environment variable with the tenant.'),
        principal_env: envName().default('SYNAPSOR_PRINCIPAL').describe('Environment variable with the principal.'),
      })
      .prefault({})
      .describe('Names of the environment variables. Values are trimmed, a blank one is refused.'),
  }),
)

const staticDev = once(() =>
  z.strictObject({
    provider: z.literal('static_dev').describe('Literal tenant and principal, for development; the validator warns.'),
    values: z
      .strictObject({ tenant_id: trusted('tenant'), principal: trusted('principal') })
      .describe('The literal tenant and principal.'),
  }),
)

const httpClaims = once(() =>
  z.strictObject({
    provider: z.literal('http_claims').describe('Tenant and principal from claims that the host has verified.'),
    values: z
      .strictObject({
        tenant_id_key: claim('tenant'),
        principal_key: claim('principal'),
        on_behalf_of_key: claim('person whom the principal acts for').exactOptional(),
        roles_key: claim('list of roles of the session').exactOptional(),
      })
      .describe('Names of the claims.'),
  }),
)

const given = once(() =>
  z.strictObject({
    provider: z
      .enum(['session', 'cloud_session'])
      .describe(
        '`session`: the host gives tenant and principal to `runner.session`; `cloud_session`: the control plane.',
      ),
    values: z.strictObject({}).exactOptional().describe('Empty: nothing is configured for this provider.'),
  }),
)

/** Where the trusted tenant and principal come from. Never from the model. */
export const contextSchema = once(() =>
  z.discriminatedUnion('provider', [given(), environment(), httpClaims(), staticDev()]),
)
