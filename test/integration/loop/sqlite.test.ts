import { afterAll, beforeAll, describe } from 'vitest'
import { applyingCases } from './applying.js'
import { decidingCases } from './deciding.js'
import { lookingCases } from './looking.js'
import { proposingCases } from './proposing.js'
import { readingCases } from './reading.js'
import { openSqliteShop, type Shop } from './shop.js'
import { tellingCases } from './telling.js'

describe('the loop on sqlite', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openSqliteShop()
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
