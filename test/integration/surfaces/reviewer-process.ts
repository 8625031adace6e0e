import { createRunner, loadConfig } from '../../../src/index.js'

/** Another process: looks at the queue, approves what it saw, and ends. */
const [config = '', ledger = ''] = process.argv.slice(2)
const runner = createRunner(loadConfig(config), { ledger })
const dana = runner.reviewer({ id: 'dana', tenant_id: 'acme', roles: ['billing_lead'] })
const { items } = await dana.queue()
for (const { proposal_id, hash } of items) await dana.approve(proposal_id, { hash })
await runner.close()
