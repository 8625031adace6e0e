import { RunnerError } from '../../errors.js'
import { splitWords } from './split-words.js'

/** What an audit is made of, and what the report calls it: without credentials and without arguments. */
export type AuditTarget =
  | { readonly kind: 'file'; readonly path: string; readonly shown: string }
  | { readonly kind: 'http'; readonly url: URL; readonly shown: string }
  | { readonly kind: 'stdio'; readonly command: string; readonly args: readonly string[]; readonly shown: string }

const COMMAND = /^stdio:/i
const ADDRESS = /^https?:/i
const OTHER_ADDRESS = /^[a-z][a-z\d+.-]+:\/\//i

/**
 * Reads what stands on the command line: `stdio:command args`, an http(s) URL, or else the path of a file.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where it is none of them, or holds a credential.
 */
export function parseTarget(target: string): AuditTarget {
  if (COMMAND.test(target)) return parseCommand(target.replace(COMMAND, ''))
  if (ADDRESS.test(target)) return parseAddress(target)
  if (target === '' || target.includes('\0') || OTHER_ADDRESS.test(target)) {
    throw refused('The target is no file, no http or https URL, and no stdio: command.')
  }
  return { kind: 'file', path: target, shown: target }
}

function parseCommand(line: string): AuditTarget {
  const [command, ...args] = splitWords(line)
  if (command === undefined || command === '' || line.includes('\0')) throw refused('stdio: names no command.')
  return commandTarget(command, args)
}

/** Arguments may be secrets: they are counted only. */
export function commandTarget(command: string, args: readonly string[]): AuditTarget {
  const counted = args.length === 0 ? '' : ` (${args.length} ${args.length === 1 ? 'argument' : 'arguments'})`
  return { kind: 'stdio', command, args, shown: `stdio:${command}${counted}` }
}

/** The address of a server that speaks Streamable HTTP. */
export function parseAddress(address: string): AuditTarget {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !ADDRESS.test(url.protocol)) throw refused('The URL of the server is not valid.')
  if (url.username !== '' || url.password !== '') {
    throw refused('The URL holds a credential.', 'Put a bearer token into an environment variable and name it.')
  }
  return { kind: 'http', url, shown: `${url.origin}${shownPath(url)}` }
}

/** No name of a place is as long as a key. */
const LONGEST_SHOWN = 19

/** A query may hold a key, and so may a segment of the path. */
function shownPath({ pathname }: URL): string {
  return pathname
    .split('/')
    .map((segment) => (segment.length > LONGEST_SHOWN ? '…' : segment))
    .join('/')
}

function refused(
  message: string,
  next = 'Give a file, a URL such as https://host/mcp, or stdio:command args.',
): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', message, { details: { argument: 'target' }, next })
}
