import { expect, it, vi } from 'vitest'
import { describeAISDK } from './ai-cases.js'

vi.mock('ai', () => import('ai-7'))
vi.mock('ai/test', () => import('ai-7/test'))

describeAISDK({
  name: 'the AI SDK 7',
  contextFor: (names, hostContext) => ({ toolsContext: Object.fromEntries(names.map((name) => [name, hostContext])) }),
})

it('is really version 7', async () => {
  expect(await import('ai/test')).toHaveProperty('MockLanguageModelV4')
})
