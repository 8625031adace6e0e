/** A request to end, by signal or by whoever reads. */
export interface Stop {
  /** Resolves at the first request. */
  readonly requested: Promise<void>
  readonly signal: AbortSignal
  /** Gives signals back their usual effect. */
  dispose(): void
}

let isRequested = false

/** Whether this process was told to end. */
export function wasStopRequested(): boolean {
  return isRequested
}

/** Listens for what ends a command that runs until it is told to stop. A second signal ends the process as usual. */
export function listenForStop(): Stop {
  const controller = new AbortController()
  const requested = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const stop = () => {
    isRequested = true
    dispose()
    controller.abort()
  }
  const broken = (error: NodeJS.ErrnoException) => void (error.code === 'EPIPE' && stop())
  const dispose = () => {
    process.off('SIGTERM', stop).off('SIGINT', stop)
    process.stdout.off('error', broken)
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  process.stdout.on('error', broken)
  return { requested, signal: controller.signal, dispose }
}
