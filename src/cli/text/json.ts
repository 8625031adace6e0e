import { escapeUntrusted } from '../untrusted-text.js'

/**
 * JSON for people that stays JSON for programs: what a terminal would obey or a reader could not see is written with
 * JSON's own escapes.
 */
export function renderJson(value: unknown): string {
  return escapeInJson(JSON.stringify(value, null, 2))
}

/** The same for text that is JSON already. */
export function escapeInJson(json: string): string {
  return json.replace(/[^\n\x20-\x7e]/gu, (found) => (escapeUntrusted(found) === found ? found : unitsOf(found)))
}

function unitsOf(character: string): string {
  return Array.from({ length: character.length }, (_, place) => {
    const unit = character.charCodeAt(place).toString(16).padStart(4, '0')
    return `\\u${unit}`
  }).join('')
}
