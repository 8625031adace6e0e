import * as z from 'zod'
import { once } from '../protocol/once.js'
import { configSchema } from './schema.js'

const schema = once(() => z.toJSONSchema(configSchema(), { io: 'input', target: 'draft-2020-12' }))

/** The format as JSON Schema (2020-12), for editors: keys, shapes, defaults, descriptions. */
export function contractJsonSchema(): Record<string, unknown> {
  return {
    ...structuredClone(schema()),
    title: 'synapsor.runner.json',
    description: 'What an agent may read and propose, who decides, and how an approved change is applied.',
  }
}
