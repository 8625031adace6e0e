import { holdsCredential, isSecretName } from './credentials.js'
import type { Path } from './problems.js'
import { isRecord, takeSnapshot } from './snapshot.js'
import { fold } from './suggest.js'

const MASK = '[redacted]'

/** Places whose values are the host's own and unknown to the format. */
function isOpaque(path: Path): boolean {
  return (path[0] === 'cloud' && path[1] === 'session') || (path[0] === 'sources' && path[2] === 'ssl')
}

function redact(value: unknown, path: Path, literalContext: boolean): unknown {
  if (Array.isArray(value)) return value.map((item, index) => redact(item, [...path, index], literalContext))
  if (isRecord(value)) {
    const literal = literalContext || value.provider === 'static_dev'
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        holdsCredential(key) ? MASK : key,
        redact(inner, [...path, key], literal),
      ]),
    )
  }
  if (typeof value !== 'string') return value
  const key = path.at(-1)
  const masked =
    (literalContext && key !== 'provider') ||
    isOpaque(path) ||
    holdsCredential(value) ||
    (typeof key === 'string' && isSecretName(fold(key)))
  return masked ? MASK : value
}

/**
 * A plain copy that may be shown: names of environment variables are kept, literal tenants and principals and whatever
 * looks like a secret are masked. Takes an invalid contract, too, and never throws.
 */
export function redactConfig(config: unknown): unknown {
  return redact(takeSnapshot(config).tree, [], false)
}
