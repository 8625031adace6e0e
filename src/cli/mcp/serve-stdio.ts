import type { Call } from '../command.js'
import { given } from '../given.js'
import type { Io } from '../io.js'
import type { OptionValues } from '../options.js'
import { type TOOL_OPTIONS, toToolOptions } from './tool-options.js'
import { toolSourceOf } from './tool-source.js'

/** Serves on stdin and stdout until the client leaves or the process is told to stop. */
export async function serveOverStdio(
  call: Pick<Call, 'contract' | 'runner'>,
  options: OptionValues<typeof TOOL_OPTIONS> & { readonly log: boolean | undefined },
  io: Io,
): Promise<undefined> {
  const [source, { serveStdio }] = await Promise.all([
    toolSourceOf(call, { with_claims: false, adapter: options.adapter }),
    import('../../../adapters/mcp/stdio.js'),
  ])
  const stop = await io.untilStopped()
  const log = options.log === true ? (line: string) => io.err(`${line}\n`) : undefined
  const serving = await serveStdio(source, { ...toToolOptions(options), ...given({ log }) })
  try {
    await Promise.race([serving.closed, stop.requested])
  } finally {
    await serving.close()
    stop.dispose()
  }
  return undefined
}
