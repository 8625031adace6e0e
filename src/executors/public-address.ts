import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Code of the error that a lookup ends with when a name means a private address. */
export const PRIVATE_ADDRESS = 'PRIVATE_ADDRESS'

const PRIVATE: BlockList = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4')
}
/** Of IPv6 only this is routed everywhere, */
const PUBLIC: BlockList = new BlockList()
PUBLIC.addSubnet('2000::', 3, 'ipv6')
/** but for what carries another address in it, or is there for documents. */
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv6')
}

/** Whether a host of a URL is written as a private address. A name has to be looked up first. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && isPrivateAddress(host)
}

/**
 * Looks a name up as Node.js does, and fails where any of its addresses is private: the address that was checked is the
 * one that is connected to.
 */
export const publicLookup: LookupFunction = (hostname, options, answer) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return answer(error, '', 0)
    const [first] = addresses
    if (first === undefined || !onlyPublic(addresses)) {
      return answer(Object.assign(new Error('The name means a private address.'), { code: PRIVATE_ADDRESS }), '', 0)
    }
    if (options.all) answer(null, addresses)
    else answer(null, first.address, first.family)
  })
}

/** Whether a name may be connected to: it has addresses, and none that is private. */
export function onlyPublic(addresses: readonly { readonly address: string }[]): boolean {
  return addresses.length > 0 && !addresses.some(({ address }) => isPrivateAddress(address))
}

export function isPrivateAddress(address: string): boolean {
  if (isIP(address) !== 6) return PRIVATE.check(address, 'ipv4')
  return PRIVATE.check(address, 'ipv6') || !PUBLIC.check(address, 'ipv6')
}
