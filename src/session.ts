import type { ArgsOf, CapabilityName, DataOf, ProposalName, ReadName } from './contract/infer.js'
import type { Config } from './contract/schema.js'
import { call } from './operations/call.js'
import type { ResolvedContext } from './operations/context.js'
import { type Inspection, inspect } from './operations/inspect.js'
import { loadOwnProposal } from './operations/own-proposal.js'
import type { Link, Ports } from './operations/ports.js'
import { type Proposal, type ProposalView, toProposal, toProposalView } from './operations/proposal.js'
import { propose } from './operations/propose.js'
import { provideInformation } from './operations/provide-information.js'
import { type WaitOptions, waitForDecision } from './operations/wait-for-decision.js'
import { withdraw } from './operations/withdraw.js'
import type { Envelope } from './protocol/envelope.js'
import type { Context } from './protocol/proposal.js'

/**
 * The model's surface: a runner bound to one trusted context. It inspects, proposes, and looks after its own
 * proposals. It has no way to approve, apply or send SQL, and nothing called through it writes to a source.
 *
 * `link` is given by the host, never by the model: the run and step that a call belongs to.
 */
export interface Session<C extends Config = Config> {
  /** Tenant and principal, resolved once. */
  readonly context: Context

  /**
   * Reads one tenant's visible columns. Evidence is recorded before the answer is given.
   *
   * @throws RunnerError `INVALID_ARGUMENT`, `NOT_FOUND` (absent or another tenant's), `SCHEMA_DRIFT`, `SECRET_REFUSED`,
   * `SOURCE_*`, `LEDGER_UNAVAILABLE`.
   */
  inspect<Name extends ReadName<C>>(
    name: Name,
    args: ArgsOf<C, Name & CapabilityName<C>>,
    link?: Link,
  ): Promise<Inspection<DataOf<C, Name>>>

  /**
   * Freezes an exact change and writes nothing to the source. An identical active request gives the same proposal.
   *
   * @throws RunnerError as {@link Session.inspect}, and `BOUND_EXCEEDED`, `TRANSITION_REFUSED`, `ACTIVE_PROPOSAL_EXISTS`,
   * `PROPOSALS_DISABLED`, `PRECONDITION_FAILED`.
   */
  propose<Name extends ProposalName<C>>(
    name: Name,
    args: ArgsOf<C, Name & CapabilityName<C>>,
    link?: Link,
  ): Promise<Proposal>

  /** Takes back a proposal of one's own that nobody has decided on. */
  withdraw(id: string): Promise<Proposal>

  /** Answers a reviewer's question with a new proposal of the same capability that takes the old one's place. */
  provideInformation(id: string, args: Readonly<Record<string, unknown>>, link?: Link): Promise<Proposal>

  /** Waits until somebody decides or asks back. At the time limit (30 s by default): the view as it is, not a throw. */
  waitForDecision(id: string, options?: WaitOptions): Promise<ProposalView>

  /** A proposal of one's own as it is now. */
  status(id: string): Promise<ProposalView>

  /**
   * Calls a capability by its canonical or wire name, with arguments as an object or as raw JSON text. Never throws for
   * a refusal: the answer is the one envelope.
   */
  call(name: string, args: unknown, link?: Link): Promise<Envelope>
}

/** Binds the model's verbs to one context. The object holds nothing else. */
export function createSession<C extends Config>(ports: Ports, resolved: ResolvedContext): Session<C>
// The contract has checked names and arguments at compile time and checks them again in each verb.
export function createSession(ports: Ports, { context, contextOf }: ResolvedContext): object {
  return Object.freeze({
    context,
    inspect: (name: string, args: unknown, link?: Link) => inspect(ports, { name, args, contextOf, link }),
    propose: (name: string, args: unknown, link?: Link) => propose(ports, { name, args, contextOf, link }),
    withdraw: (id: string) => withdraw(ports, id, context),
    provideInformation: (id: string, args: unknown, link?: Link) =>
      provideInformation(ports, { id, args, context, contextOf, link }),
    waitForDecision: (id: string, options?: WaitOptions) => waitForDecision(ports, id, context, options),
    status: async (id: string) => {
      const { state } = await loadOwnProposal(ports, id, context)
      return toProposalView(toProposal(state, ports.clock.now()))
    },
    call: (name: string, args: unknown, link?: Link) => call(ports, context, { name, args, contextOf, link }),
  })
}
