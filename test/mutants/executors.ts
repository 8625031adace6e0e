import type { Mutant } from './mutants.js'

const http = 'test/integration/executors/http-handler.test.ts'
const faults = 'test/integration/executors/faults.sqlite.test.ts'
const program = 'test/integration/executors/command-handler.test.ts'
const app = 'src/operations/apply-app.ts'
const answers = 'src/executors/read-answer.ts'

/** What keeps a change of the app's from being made twice, denied, or believed on somebody's word. */
export const executors: readonly Mutant[] = [
  {
    name: 'take an answer about another proposal',
    file: answers,
    find: 'if (!isAbout(answer, request))',
    replace: 'if (answer.rows_affected < 0)',
    test: faults,
    named: 'answers for another proposal before',
  },
  {
    name: 'believe an answer that contradicts itself',
    file: answers,
    find: 'if (contradicts(answer, request))',
    replace: 'if (answer.rows_affected < 0)',
    test: faults,
    named: 'says failed, and that it wrote before',
  },
  {
    name: 'take a conflict for the end while an earlier request may be at work',
    file: app,
    find: 'if (retry_after_ms !== undefined && retry_after_ms <= 0) {',
    replace: 'if (retry_after_ms !== undefined) {',
    test: http,
    named: 'is believed that it refuses once nobody can be at work any more',
  },
  {
    name: 'believe a refused credential about an earlier request',
    file: app,
    find: "const believed = isOfKey && purpose === 'perform' ?",
    replace: "const believed = purpose === 'perform' ?",
    test: http,
    named: 'is not believed however late where it refuses the credential',
  },
  {
    name: 'ask the app twice at once',
    file: app,
    find: 'if (retry_after_ms > 0 && retry_after_ms <= longest) {',
    replace: 'if (retry_after_ms < 0) {',
    test: http,
    named: 'is asked by one attempt at a time',
  },
  {
    name: 'take a rehearsal that was a performance for a rehearsal',
    file: app,
    find: "return status === 'already_applied' || (status === 'applied' && !dry_run)",
    replace: "return status === 'already_applied'",
    test: http,
    named: 'that performs the change all the same has performed it',
  },
  {
    name: 'have the app perform what has expired',
    file: 'src/operations/reconcile.ts',
    find: 'if (isExpired(state.frozen.expires_at, ports.clock.now())) return false',
    replace: '',
    test: http,
    named: 'when the proposal has expired, but whether it did',
  },
  {
    name: 'believe an answer under the status of a fault',
    file: 'src/executors/http-handler.ts',
    find: 'if (status >= 200 && status < 300)',
    replace: 'if (status === 500 || (status >= 200 && status < 300))',
    test: faults,
    named: 'answers 500 before',
  },
  {
    name: 'take a request that was sent for one that was not',
    file: 'src/executors/http-handler.ts',
    find: '    if (!socket.connecting) return connected()\n',
    replace: '    if (!socket.connecting || socket.connecting) return\n',
    test: faults,
    named: 'drops the connection after',
  },
  {
    name: 'deliver to a private address',
    file: 'src/executors/http-handler.ts',
    find: "if (addresses === 'public' && isPrivateHost(url.hostname)) {",
    replace: "if (addresses === 'public' && isPrivateHost('')) {",
    test: http,
    named: 'because http://127.0.0.1:1/ is private',
  },
  {
    name: 'deliver to a name of a private address',
    file: 'src/executors/public-address.ts',
    find: 'if (first === undefined || !onlyPublic(addresses)) {',
    replace: 'if (first === undefined) {',
    test: http,
    named: 'because http://localhost:1/ is private',
  },
  {
    name: 'give a program the whole environment',
    file: 'src/executors/command-options.ts',
    find: 'const given = [...GIVEN_ENV, ...pass_env].flatMap(',
    replace: 'const given = [...GIVEN_ENV, ...pass_env, ...Object.keys(env)].flatMap(',
    test: program,
    named: 'is given arguments as they are',
  },
  {
    name: 'leave the children of a program alive',
    file: 'src/executors/command-handler.ts',
    find: "process.platform === 'win32' ? pid : -pid",
    replace: 'pid',
    test: program,
    named: 'whose child keeps its output open is ended with it',
  },
  {
    name: 'take the exit code of a program for nothing',
    file: 'src/executors/command-handler.ts',
    find: 'end(code === 0 ?',
    replace: 'end(code !== null ?',
    test: program,
    named: 'ends with another exit code',
  },
]
