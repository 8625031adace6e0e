// Imports the module named on the command line and prints the installed packages that this loaded. What follows is for
// a module that is a program.
import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'

const hooks = `
  let port
  export function initialize(data) { port = data.port }
  export function load(url, context, nextLoad) { port.postMessage(url); return nextLoad(url, context) }
`
const { port1, port2 } = new MessageChannel()
register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: { port: port2 }, transferList: [port2] })

process.argv.splice(1, 1)
await import(pathToFileURL(process.argv[1]).href)

const loaded = Object.keys(createRequire(import.meta.url).cache)
for (let received = receiveMessageOnPort(port1); received; received = receiveMessageOnPort(port1)) {
  loaded.push(received.message)
}
port1.close()

const packages = loaded.flatMap((path) => path.match(/.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/)?.[1] ?? [])
process.stdout.write(JSON.stringify([...new Set(packages)].sort()))
