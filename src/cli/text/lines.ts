import { escapeUntrusted } from '../untrusted-text.js'

/** Makes a text of several lines safe to print: its line breaks stay, nothing else that a terminal obeys. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeUntrusted).join('\n')
}

/** `1 proposal`, `2 proposals`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
