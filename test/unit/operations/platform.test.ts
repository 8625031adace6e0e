import { afterEach, describe, expect, it } from 'vitest'
import { createRunner } from '../../../src/index.js'

const contract = {
  version: 1,
  mode: 'read_only',
  sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
  capabilities: [],
} as const

const property = Object.getOwnPropertyDescriptor(process, 'versions') ?? {}

function pretend(node: string): void {
  Object.defineProperty(process, 'versions', { ...property, value: { ...process.versions, node } })
}

describe('the platform', () => {
  afterEach(() => {
    Object.defineProperty(process, 'versions', property)
  })

  it.each(['18.20.8', '20.18.3', '20.0.0', '16.0.0'])(
    'Node.js %s is too old, and the runner says what to use',
    (node) => {
      pretend(node)
      expect(() => createRunner(contract)).toThrow(
        expect.objectContaining({
          code: 'PLATFORM_UNSUPPORTED',
          message: expect.stringContaining(node),
          next: 'Use Node.js 20.19 or newer.',
        }),
      )
    },
  )

  it.each(['20.19.0', '20.20.2', '21.0.0', '22.0.0', '100.1.0'])('Node.js %s will do', (node) => {
    pretend(node)
    expect(() => createRunner(contract, { ledger: ':memory:' })).not.toThrow()
  })
})
