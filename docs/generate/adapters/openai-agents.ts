import { inspect } from 'node:util'
import { Agent, run, setTracingDisabled } from '@openai/agents'
import { assistantMessage, functionCall, ScriptedModel, type ScriptedModelInput } from '@openai/agents/testing'
import {
  createOpenAIAgentsTools,
  type OpenAIAgentsTool,
  proposalsAwaiting,
} from '../../../adapters/openai-agents/index.js'
import { type AdapterPage, nameAnswers, onlyAnswer } from './shown.js'
import type { ModelCall } from './world.js'

export const openaiAgents: AdapterPage = {
  contract: {
    row: { late_fee: 5500, reason: null },
    inspect: { args: { invoice_id: { type: 'string' } } },
    propose: {
      name: 'billing.propose_late_fee_waiver',
      description: 'Proposes to waive the late fee of one invoice. A person decides.',
      args: { invoice_id: { type: 'string' }, reason: { type: 'string', max_length: 500 } },
      patch: { late_fee: { fixed: 0 }, reason: { from_arg: 'reason' } },
    },
    args: { invoice_id: 'INV-3001', reason: 'outage' },
  },
  show: async ({ session, calls, desk }, inline_evidence) => {
    setTracingDisabled(true)
    const first = await ask(createOpenAIAgentsTools(session, { inline_evidence }), Object.values(calls))
    const [inspectTool, proposeTool] = first.tools
    const { read, proposal, refusal } = nameAnswers(first.answers)
    const { adapter } = desk
    const whole = await ask(createOpenAIAgentsTools(desk.session, { adapter, inline_evidence }), [desk.call])
    const [workflow] = whole.tools
    const answer = onlyAnswer(whole.answers)
    return {
      blocks: {
        tool: proposeTool,
        read: JSON.parse(read),
        proposal: JSON.parse(proposal),
        refusal: JSON.parse(refusal),
        awaiting: inspect(proposalsAwaiting(first.result)),
        workflow,
        run: JSON.parse(answer),
      },
      texts: {
        'the tool `billing__inspect_invoice`': JSON.stringify(inspectTool),
        'the tool `billing__propose_late_fee_waiver`': JSON.stringify(proposeTool),
        'the answer to a read': read,
        'the answer to a proposal': proposal,
        'a refusal': refusal,
        'the tool of a whole workflow': JSON.stringify(workflow),
        'its answer': answer,
      },
    }
  },
}

/** Has a model make these calls, and tells what it was shown. */
async function ask(tools: OpenAIAgentsTool[], calls: readonly ModelCall[]) {
  const model = scripted(calls)
  const result = await run(new Agent({ name: 'Support', model, tools }), 'go')
  return { result, tools: model.calls[0]?.request.tools ?? [], answers: textsIn(model) }
}

/** What the last request to the model holds as output of tools. */
function textsIn(model: ScriptedModel): readonly string[] {
  const input = model.lastCall?.request.input
  if (!Array.isArray(input)) return []
  const outputs = input.flatMap((item) => (item.type === 'function_call_result' ? [item.output] : []))
  return outputs.flatMap((output) => (typeof output === 'object' && 'text' in output ? [output.text] : []))
}

function scripted(calls: readonly ModelCall[]): ScriptedModel {
  const turns = calls.map(
    ({ name, args }, place): ScriptedModelInput => [functionCall(name, JSON.stringify(args), { callId: `c${place}` })],
  )
  return new ScriptedModel([...turns, [assistantMessage('done')]])
}
