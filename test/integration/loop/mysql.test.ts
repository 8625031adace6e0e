import { afterAll, beforeAll, describe } from 'vitest'
import { applyingCases } from './applying.js'
import { decidingCases } from './deciding.js'
import { lookingCases } from './looking.js'
import { proposingCases } from './proposing.js'
import { readingCases } from './reading.js'
import { openMysqlShop, type Shop } from './shop.js'
import { tellingCases } from './telling.js'

describe('the loop on mysql', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openMysqlShop()
  })
  afterAll(async () => {
    await shop.drop()
  })

  readingCases(() => shop)
  proposingCases(() => shop)
  decidingCases(() => shop)
  applyingCases(() => shop)
  tellingCases(() => shop)
  lookingCases(() => shop)
})
