/** Loaded into a process that serves: whenever its parent sends anything, it answers with the memory of the process. */
import { settledMemory } from './settled-memory.js'

process.on('message', () => {
  void settledMemory().then((megabytes) => process.send?.(megabytes))
})
// The channel to the parent must not be what keeps the process alive.
process.channel?.unref()
