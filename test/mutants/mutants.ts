/** One safety check taken out of the source, and the test that must notice. */
export interface Mutant {
  readonly name: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly find: string
  readonly replace: string
  readonly test: string
  /** Part of the test's name. */
  readonly named: string
}

const loop = 'test/integration/loop/sqlite.test.ts'
const attacks = 'test/integration/loop/attacks.test.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'approve without looking at the hash',
    file: 'src/operations/decide.ts',
    find: 'if (hash === undefined || hash === state.hash) return',
    replace: 'return',
    test: loop,
    named: 'refuses a hash other than that of the proposal',
  },
  {
    name: 'let the proposer approve',
    file: 'src/policy/decide.ts',
    find: 'if (!frozen.approval.separation_of_duties) return',
    replace: 'return',
    test: loop,
    named: 'refuses the proposer',
  },
  {
    name: 'compare identities letter by letter',
    file: 'src/protocol/identity.ts',
    find: '    .toUpperCase()\n    .toLowerCase()\n',
    replace: '',
    test: loop,
    named: 'refuses the person it was proposed for',
  },
  {
    name: 'forget the required role',
    file: 'src/policy/decide.ts',
    find: 'if (required_role === null || approver.roles.includes(required_role)) return',
    replace: 'return',
    test: loop,
    named: 'refuses a person without the role',
  },
  {
    name: 'count one person twice',
    file: 'src/policy/decide.ts',
    find: 'if (decisions.some((decision) => samePerson(decision.approver, approver.id))) {',
    replace: 'if (decisions.length < 0) {',
    test: loop,
    named: 'counts different people towards a quorum',
  },
  {
    name: 'believe the host about roles beside operators',
    file: 'src/operations/people.ts',
    find: 'return { id, roles: entry.roles }',
    replace: "return { id, roles: ['billing_lead'] }",
    test: loop,
    named: 'believes only the operators of the contract about roles',
  },
  {
    name: 'do not ask for roles again at apply',
    file: 'src/operations/apply.ts',
    find: 'await checkApprovals(ports, state)',
    replace: '',
    test: loop,
    named: 'refuses when the approver has lost the role',
  },
  {
    name: 'do not compare the capability at apply',
    file: 'src/operations/apply.ts',
    find: 'if (capability.digest !== frozen.capability_digest)',
    replace: 'if (capability.digest === "")',
    test: loop,
    named: 'refuses when the capability changed after approval',
  },
  {
    name: 'do not check bounds again at apply',
    file: 'src/operations/apply.ts',
    find: 'assertBounds(change.bounds, frozen.after)',
    replace: '',
    test: loop,
    named: 'refuses when the bounds were lowered after approval',
  },
  {
    name: 'do not check bounds when proposing',
    file: 'src/operations/propose.ts',
    find: 'assertBounds(rules.bounds, after)',
    replace: '',
    test: loop,
    named: 'with BOUND_EXCEEDED and records no proposal',
  },
  {
    name: 'do not check transitions',
    file: 'src/operations/propose.ts',
    find: 'assertTransitions(rules.transitions, row, after)',
    replace: '',
    test: loop,
    named: 'holds transitions',
  },
  {
    name: 'trust ledger bodies',
    file: 'src/operations/load-proposal.ts',
    find: 'if (entryProblem(entry) === undefined && entry.prev === expected) return',
    replace: 'return',
    test: loop,
    named: 'refuses a decision that was edited in the ledger file',
  },
  {
    name: 'apply after expiry',
    file: 'src/operations/apply.ts',
    find: 'if (isExpired(state.frozen.expires_at, ports.clock.now())) {',
    replace: "if (state.frozen.proposal_id === '') {",
    test: attacks,
    named: 'leaves nothing behind when a dry run comes after expiry',
  },
  {
    name: 'let an attempt take as long as it likes',
    file: 'src/executors/sql.ts',
    find: '    ...deadline,\n',
    replace: '',
    test: attacks,
    named: 'does not write what expired while the attempt was on its way',
  },
  {
    name: 'apply before approval',
    file: 'src/operations/apply.ts',
    find: "if (status === 'pending_review') {",
    replace: "if (status === 'pending_review' && frozen.proposal_id === '') {",
    test: loop,
    named: 'refuses a proposal that nobody approved',
  },
  {
    name: 'take an edited job',
    file: 'src/operations/apply-job.ts',
    find: 'return canonicalJson(given) === canonicalJson(issued)',
    replace: 'return canonicalJson(given) !== "" && canonicalJson(issued) !== ""',
    test: loop,
    named: 'refuses a job with any field edited',
  },
  {
    name: 'let several rivals in',
    file: 'src/operations/record-proposal.ts',
    find: "if (about.on_active === 'allow') return []",
    replace: "if (about.on_active !== 'supersede') return []",
    test: loop,
    named: 'lets exactly one of many rivals in under refuse',
  },
  {
    name: 'show other tenants to a reviewer',
    file: 'src/operations/load-proposal.ts',
    find: 'if (tenant_id !== undefined && loaded.state.frozen.context.tenant_id !== tenant_id) throw notFound()',
    replace: '',
    test: loop,
    named: 'shows a reviewer of one tenant nothing of another',
  },
  {
    name: 'withdraw what others proposed',
    file: 'src/operations/own-proposal.ts',
    find: 'if (!same || proposer.on_behalf_of !== context.on_behalf_of) throw notFound()',
    replace: '',
    test: loop,
    named: 'is withdrawn by its own session only',
  },
  {
    name: 'revoke without barring the key',
    file: 'src/operations/revoke.ts',
    find: 'await bar(ports, loaded)',
    replace: '',
    test: 'test/integration/loop/settling.test.ts',
    named: 'bars the key in the source before it acknowledges',
  },
  {
    name: 'believe any receipt in the source',
    file: 'src/operations/receipt.ts',
    find: 'if (stored.key !== proposal_id || stored.proposal_hash !== state.hash || !anchored) {',
    replace: 'if (stored.key !== proposal_id) {',
    test: 'test/integration/loop/settling.test.ts',
    named: 'refuses a receipt that rests on a decision it does not know',
  },
  {
    name: 'store secrets',
    file: 'src/policy/secrets.ts',
    find: 'return text.length >= SHORTEST && SECRETS.some((shape) => shape.test(text))',
    replace: 'return text.length < 0 && SECRETS.length === 0 && SHORTEST === 0',
    test: loop,
    named: 'does not show or store a value that looks like a secret',
  },
  {
    name: 'answer before the evidence is recorded',
    file: 'src/operations/inspect.ts',
    find: 'await recordRead(ports, read, context)',
    replace: 'recordRead(ports, read, context).catch(() => undefined)',
    test: loop,
    named: 'refuses to answer when the evidence cannot be recorded',
  },
]
