import * as z from 'zod'
import { once } from '../protocol/once.js'
import { envName } from './names.js'

const label = () => z.string().min(1).max(256)

/** The control plane of `mode: cloud`. */
export const cloudSchema = once(() =>
  z.strictObject({
    base_url_env: envName().describe('Environment variable with the address of the control plane.'),
    runner_token_env: envName().describe('Environment variable with the token of this runner.'),
    adapter_id: label().describe('The adapter whose catalog is served.'),
    runner_id: label().exactOptional().describe('How this runner calls itself.'),
    runner_version: label().exactOptional().describe('The version this runner reports.'),
    project_id: label().exactOptional().describe('The project this runner belongs to.'),
    source_id: label().exactOptional().describe('The source this runner serves.'),
    engines: z
      .array(z.enum(['postgres', 'mysql', 'sqlite']))
      .min(1)
      .exactOptional()
      .describe('Engines this runner can write to.'),
    capabilities: z.array(label()).min(1).exactOptional().describe('Permissions this runner asks for.'),
    session: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .describe('Session facts that the control plane is given.'),
  }),
)
