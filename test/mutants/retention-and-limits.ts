import type { Mutant } from './mutants.js'

const prune = 'test/integration/ledger/prune.test.ts'
const cases = 'test/integration/ledger/sqlite-cases.test.ts'
const verify = 'test/integration/ledger/sqlite-verify.test.ts'
const limits = 'test/integration/surfaces/limits.test.ts'
const queue = 'test/integration/surfaces/queue.test.ts'
const loop = 'test/integration/loop/sqlite.test.ts'

/** What keeps a ledger from forgetting too much, and a model from asking too much. */
export const retentionAndLimits: readonly Mutant[] = [
  {
    name: 'forget what is still open',
    file: 'src/ledger/sqlite-endings.ts',
    find: 'const open = isActive(status) && !lapsed',
    replace: 'const open = isActive(status) && status === undefined',
    test: cases,
    named: 'keeps what is still open',
  },
  {
    name: 'forget what has just ended',
    file: 'src/ledger/sqlite-forget-records.ts',
    find: 'if (erased || ended_at === undefined || ended_at >= before) return false',
    replace: 'if (erased || ended_at === undefined || before === undefined) return false',
    test: cases,
    named: 'keeps what ended at the moment, or later',
  },
  {
    name: 'forget a proposal before its run',
    file: 'src/ledger/sqlite-endings.ts',
    find: "if (readInteger(row, 'run_active') === 1) return undefined",
    replace: "if (readInteger(row, 'run_active') === 2) return undefined",
    test: cases,
    named: 'keeps what belongs to a run',
  },
  {
    name: 'forget evidence that is still cited',
    file: 'src/ledger/sqlite-forget-evidence.ts',
    find: 'at < before && !kept.has(bundle_id) &&',
    replace: 'at < before &&',
    test: cases,
    named: 'evidence',
  },
  {
    name: 'forget a record that was tampered with',
    file: 'src/ledger/sqlite-erase.ts',
    find: 'if (stored === undefined || !areWhole(stored.entries)) return undefined\n    return foldProposal',
    replace: 'if (stored === undefined) return undefined\n    return foldProposal',
    test: prune,
    named: 'leaves a decision that was tampered with',
  },
  {
    name: 'take any erased proposal for whole',
    file: 'src/ledger/verify-proposal.ts',
    find: 'return hadEnded(stored) ? []',
    replace: 'return hadEnded(stored) || true ? []',
    test: verify,
    named: '',
  },
  {
    name: 'take a proposal that was erased in part for whole',
    file: 'src/ledger/verify-proposal.ts',
    find: 'if (areErasedInPart(entries)) return',
    replace: 'if (areErasedInPart([])) return',
    test: verify,
    named: 'erased in part',
  },
  {
    name: 'tell another tenant of an erased proposal',
    file: 'src/operations/load-proposal.ts',
    find: 'throw isTheirs ? erased(proposal_id) : notFound()',
    replace: 'throw isTheirs || proposal_id !== undefined ? erased(proposal_id) : notFound()',
    test: prune,
    named: 'only whom it concerns',
  },
  {
    name: 'count calls of all tenants as one',
    file: 'src/operations/limits.ts',
    find: 'counts.take(JSON.stringify([tenant_id, capability]), most, clock.now())',
    replace: 'counts.take(JSON.stringify([capability, tenant_id === undefined]), most, clock.now())',
    test: limits,
    named: 'of one tenant and one capability',
  },
  {
    name: 'read without counting the call',
    file: 'src/operations/inspect.ts',
    find: '  ports.limits.takeCall(capability.name, context.tenant_id)\n',
    replace: '',
    test: limits,
    named: 'refuse one too many before anything is read, and say when',
  },
  {
    name: 'read before looking whether there is room for a proposal',
    file: 'src/operations/propose.ts',
    find: '  await assertMayFit(ports, capability, { context, args, supersedes })\n',
    replace: '  void assertMayFit\n',
    test: limits,
    named: 'refuse one too many before anything is read, and say what',
  },
  {
    name: 'hold a quota only before the append',
    file: 'src/ledger/sqlite-append.ts',
    find: 'return !open_reached && created_reached === null',
    replace: 'return open_reached || !open_reached || created_reached === null',
    test: cases,
    named: 'quota',
  },
  {
    name: 'hold a quota only within the append',
    file: 'src/operations/record-proposal.ts',
    find: '    await assertRoom(ports.ledger, quota,',
    replace: '    void (',
    test: limits,
    named: 'do not let one more stand beside another on the same row',
  },
  {
    name: 'show a person what they may not decide on',
    file: 'src/operations/decidable-queue.ts',
    find: '      assertDecidable(loaded, approver, ports.clock.now())\n',
    replace: '      void [assertDecidable, approver]\n',
    test: queue,
    named: 'leaves out what they asked for themselves',
  },
  {
    name: 'show a person what waits for an answer',
    file: 'src/operations/decidable-queue.ts',
    find: 'return loaded.state.question === undefined',
    replace: 'return loaded.state !== undefined',
    test: queue,
    named: 'leaves out what waits for an answer',
  },
  {
    name: "tell of the row of another tenant's proposal",
    file: 'src/operations/freshness.ts',
    find: 'await loadProposalOf(ports, id, tenant_id)',
    replace: 'await loadProposalOf(ports, id, undefined)',
    test: loop,
    named: "is not told of another tenant's proposal",
  },
]
