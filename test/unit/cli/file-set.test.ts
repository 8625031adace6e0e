import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeAll } from '../../../src/cli/file-set.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synapsor-files-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (...names: readonly string[]) => join(folder, ...names)

describe('files that belong together', () => {
  it('are all written, with their folders, and leave nothing else behind', () => {
    writeFileSync(at('a'), 'old')
    writeAll([
      { path: at('a'), content: 'one' },
      { path: at('deep', 'er', 'b'), content: 'two', is_private: true },
    ])
    expect([readFileSync(at('a'), 'utf8'), readFileSync(at('deep', 'er', 'b'), 'utf8')]).toEqual(['one', 'two'])
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(['a', 'deep', 'deep/er', 'deep/er/b'])
    expect(statSync(at('deep', 'er', 'b')).mode & 0o777).toBe(0o600)
    expect(statSync(at('deep')).mode & 0o077).toBe(0)
  })

  it('keep who may read them', () => {
    writeFileSync(at('a'), 'old')
    chmodSync(at('a'), 0o600)
    writeAll([{ path: at('a'), content: 'new' }])
    expect(statSync(at('a')).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['the last one is a folder', () => mkdirSync(at('z'))],
    ['a folder of the last one is a file', () => writeFileSync(at('z'), 'a file')],
  ])('are all as they were where %s', (_, stand) => {
    writeFileSync(at('a'), 'old')
    stand()
    const before = readdirSync(folder, { recursive: true }).sort()
    const last = existsSync(at('z')) && statSync(at('z')).isFile() ? at('z', 'below') : at('z')
    const write = () =>
      writeAll([
        { path: at('a'), content: 'new' },
        { path: at('made', 'b'), content: 'new' },
        { path: last, content: 'new' },
      ])
    expect(write).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before)
    expect(readFileSync(at('a'), 'utf8')).toBe('old')
  })

  it('come back where one has taken its place already and another cannot', () => {
    writeFileSync(at('a'), 'old')
    // The folder that the last one needs stands where the second one belongs.
    const write = () =>
      writeAll([
        { path: at('a'), content: 'new' },
        { path: at('b'), content: 'new' },
        { path: at('b', 'c'), content: 'new' },
      ])
    expect(write).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(readdirSync(folder)).toEqual(['a'])
    expect(readFileSync(at('a'), 'utf8')).toBe('old')
  })
})
