import { describeAISDK } from './ai-cases.js'

describeAISDK({
  name: 'the AI SDK 6',
  contextFor: (_, hostContext) => ({ experimental_context: hostContext }),
})
