import type { Runtime, WorkflowFunction } from '../../../src/index.js'
import { FLOW, type Form, written } from './waiver-flow.js'

/** The usual function, with steps of the app. A lease would only make the test wait. */
const work: WorkflowFunction = async (flow, input) => {
  const before = await flow.step('before', () => 'known', { lease_ms: 1 })
  const output = (await written(flow, input)) as object
  const after = await flow.step('after', () => ({ before }), { lease_ms: 1 })
  return { ...output, ...after }
}

export function killRuntime(form: Form): Runtime {
  return form === 'function' ? { workflows: { [FLOW]: work } } : {}
}
