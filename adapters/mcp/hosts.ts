/** Which names a server answers to. A page of somebody else's that makes a browser call it by another name is refused. */
import { unsafe, wrongOption } from './options.js'

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'] as const

/** A name, and its port where only one is meant. */
interface Place {
  readonly name: string
  readonly port: string | undefined
}

/** Says which requests may be looked at. */
export interface HostRules {
  /** `undefined` stands for a header that is not there. */
  isHost(host: string | undefined): boolean
  /** Where no origins were named, only pages of the server itself pass. */
  isOrigin(origin: string | undefined, host: string | undefined): boolean
  /** Whether nothing but the names of loopback is answered. */
  readonly isLoopbackOnly: boolean
}

/** Where a server that was told no hosts listens. */
export interface BoundTo {
  readonly isLoopback: boolean
  /** Known once it listens; `undefined` for any. */
  readonly port: () => number | undefined
}

interface HostOptions {
  readonly allowed_hosts?: readonly string[] | undefined
  readonly allowed_origins?: readonly string[] | undefined
}

/**
 * @throws RunnerError `INVALID_ARGUMENT` for a host or an origin that is none, `CONFIG_INVALID` where a server listens to
 * more than its own machine and was not told its names.
 */
export function resolveHosts({ allowed_hosts, allowed_origins }: HostOptions, bound: BoundTo): HostRules {
  if (allowed_hosts === undefined && !bound.isLoopback) {
    throw unsafe(
      'A server that listens to more than its own machine must know its names.',
      "Add allowed_hosts: ['mcp.example.com'] with the names by which clients reach it.",
    )
  }
  const own = () => LOOPBACK_NAMES.map((name) => ({ name, port: shownPort(bound.port()) }))
  const places = allowed_hosts?.map(parsePlace)
  const origins = allowed_origins?.map(parseOrigin)
  return {
    isHost: (host) => {
      const place = placeOf(host)
      return place !== undefined && isAmong(places ?? own(), place)
    },
    isOrigin: (origin, host) => {
      if (origin === undefined) return true
      if (origins !== undefined) return origins.includes(origin.toLowerCase())
      const place = placeOf(/^https?:\/\/(.+)$/.exec(origin)?.[1])
      if (allowed_hosts !== undefined || place === undefined) return false
      return isAmong(own(), place) && place.port === placeOf(host)?.port
    },
    isLoopbackOnly: places?.every(({ name }) => isLoopbackName(name)) ?? true,
  }
}

/** Whether an address to listen at is reached from this machine alone. */
export function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Clients leave out the port that everybody knows. */
function shownPort(port: number | undefined): string | undefined {
  return port === undefined || port === 80 ? undefined : String(port)
}

/** One of the names of loopback, as an address has it. */
export function isLoopbackName(name: string): boolean {
  return (LOOPBACK_NAMES as readonly string[]).includes(name)
}

function isAmong(places: readonly Place[], { name, port }: Place): boolean {
  return places.some((each) => each.name === name && (each.port === undefined || each.port === port))
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/

/** `undefined` for what is no host. */
function placeOf(host: string | undefined): Place | undefined {
  const [, name, port] = HOST.exec(host?.toLowerCase() ?? '') ?? []
  return name === undefined ? undefined : { name, port }
}

function parsePlace(host: string): Place {
  const place = placeOf(host)
  if (place !== undefined) return place
  throw wrongOption('allowed_hosts', 'Option allowed_hosts takes names as mcp.example.com or mcp.example.com:8443.')
}

function parseOrigin(origin: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/i.test(origin)) return origin.toLowerCase()
  throw wrongOption('allowed_origins', 'Option allowed_origins takes origins as https://app.example.com.')
}
