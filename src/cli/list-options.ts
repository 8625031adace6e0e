import { integer, text } from './options.js'

/** What every list takes. */
export const PAGING = {
  limit: integer('--limit <n>', 'How many, 50 by default.', { maximum: 200 }),
  cursor: text('--cursor <cursor>', 'Goes on where the page before ended.'),
}
