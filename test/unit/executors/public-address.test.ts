import { describe, expect, it } from 'vitest'
import { isPrivateAddress, isPrivateHost, onlyPublic } from '../../../src/executors/public-address.js'

describe('an address', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:db8::1',
    '2002:7f00:1::1',
    '2002:a9fe:a9fe::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
  ])('%s is not public', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '192.0.1.1', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'])(
    '%s is public',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false)
    },
  )

  it('of a name that has one private address is not used, wherever it stands', () => {
    const open = { address: '1.1.1.1', family: 4 }
    const closed = { address: '127.0.0.1', family: 4 }
    expect(onlyPublic([open, open])).toBe(true)
    expect(onlyPublic([open, closed])).toBe(false)
    expect(onlyPublic([closed, open])).toBe(false)
    expect(onlyPublic([])).toBe(false)
  })

  it('is told from a name by its form', () => {
    expect(isPrivateHost('[::1]')).toBe(true)
    expect(isPrivateHost('127.0.0.1')).toBe(true)
    expect(isPrivateHost('localhost')).toBe(false)
    expect(isPrivateHost('[2606:4700:4700::1111]')).toBe(false)
  })
})
