import { describe } from 'vitest'
import { openPostgresShop } from '../loop/shop.js'
import { serverCases } from './servers.js'

describe('bad luck with postgres', () => {
  serverCases(openPostgresShop)
})
