import { type ContractProblem, type Path, problem } from './problems.js'

/** Deeper than any contract; far less than the stack holds. */
export const MAX_DEPTH = 32
const MAX_NODES = 2_000_000

const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const LONE_SURROGATE = /\p{Surrogate}/u

/** A plain JSON copy of what was given, and what could not be copied. */
export interface Snapshot {
  readonly tree: unknown
  readonly problems: readonly ContractProblem[]
}

/** True for an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Copies `value` into plain JSON data. Whatever is given, this ends and does not throw: cycles, deep nesting,
 * functions, getters, class instances and proxies become problems. No code of the value is run.
 */
export function takeSnapshot(value: unknown): Snapshot {
  const problems: ContractProblem[] = []
  const ancestors = new Set<object>()
  let nodes = 0

  function refuse(code: ContractProblem['code'], path: Path, message: string): undefined {
    problems.push(problem(code, path, message))
    return undefined
  }

  function copy(given: unknown, path: Path): unknown {
    nodes += 1
    if (nodes > MAX_NODES) return undefined
    if (given === null || typeof given === 'boolean') return given
    if (typeof given === 'string') {
      return LONE_SURROGATE.test(given) ? refuse('INVALID_VALUE', path, 'Write whole Unicode characters.') : given
    }
    if (typeof given === 'number') return copyNumber(given, path)
    if (typeof given !== 'object')
      return refuse('INVALID_TYPE', path, `Give JSON data: this is of type ${typeof given}.`)
    if (ancestors.has(given)) return refuse('INVALID_TYPE', path, 'Do not put an object inside itself.')
    if (path.length >= MAX_DEPTH) return refuse('TOO_LARGE', path, `Nest at most ${MAX_DEPTH} levels.`)
    ancestors.add(given)
    const copied = Array.isArray(given) ? copyArray(given, path) : copyObject(given, path)
    ancestors.delete(given)
    return copied
  }

  function copyNumber(given: number, path: Path): unknown {
    if (!Number.isFinite(given)) return refuse('INVALID_TYPE', path, 'Give a finite number.')
    if (Math.abs(given) > Number.MAX_SAFE_INTEGER) {
      return refuse('INEXACT_NUMBER', path, 'Keep numbers within 9007199254740991; larger ones are not exact in JSON.')
    }
    return given
  }

  function copyArray(given: readonly unknown[], path: Path): unknown {
    if (given.length > MAX_NODES) return refuse('TOO_LARGE', path, 'Give a shorter list.')
    return Array.from({ length: given.length }, (_, index) => {
      const descriptor = Object.getOwnPropertyDescriptor(given, index)
      return copyProperty(descriptor ?? { value: undefined }, [...path, index])
    })
  }

  function copyObject(given: object, path: Path): unknown {
    const prototype: unknown = Object.getPrototypeOf(given)
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      return refuse('INVALID_TYPE', path, 'Give a plain object, not an instance of a class.')
    }
    const copied: Record<string, unknown> = {}
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(given))) {
      if (!descriptor.enumerable || ('value' in descriptor && descriptor.value === undefined)) continue
      if (PROTOTYPE_KEYS.has(key)) {
        refuse('REFUSED_KEY', [...path, key], `Remove \`${key}\`: keys of JavaScript prototypes are refused.`)
        continue
      }
      const value = copyProperty(descriptor, [...path, key])
      if (value !== undefined) copied[key] = value
    }
    return copied
  }

  function copyProperty(descriptor: PropertyDescriptor, path: Path): unknown {
    if (!('value' in descriptor)) return refuse('INVALID_TYPE', path, 'Give the value itself, not a getter.')
    return copy(descriptor.value, path)
  }

  try {
    const tree = copy(value, [])
    if (nodes > MAX_NODES) refuse('TOO_LARGE', [], `Keep the contract below ${MAX_NODES} values.`)
    return { tree, problems }
  } catch {
    // A proxy can throw from any of the questions above.
    refuse('INVALID_TYPE', [], 'Give plain JSON data: this object cannot be read.')
    return { tree: undefined, problems }
  }
}
