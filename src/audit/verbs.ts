const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Verbs that read, wherever they stand in a name. */
export const PLAIN_READ_VERBS = set('get read search find show describe fetch retrieve')

/** A name or a sentence that begins so is about reading. Some are nouns elsewhere: `order_status_update`. */
export const READ_VERBS = set(
  'get list read search find show describe fetch view count inspect check lookup look explain compare status query browse retrieve load summarize select export download preview validate verify inquire watch return tell',
)

/** What only a trusted person or process may do. */
export const COMMIT_VERBS = set('approve commit apply reapply settle merge revert rollback')

/** Verbs that change something, wherever they stand in a name. */
export const WRITE_VERBS = set(
  'create insert update upsert delete remove drop truncate alter write edit modify overwrite save append replace rename send publish execute exec refund cancel destroy purge wipe erase transfer withdraw void terminate kill revoke deploy upload uninstall install override undo waive assign unassign reassign enable disable activate deactivate suspend adjust increment decrement attach detach unlink untag unblock unlock unpublish unsubscribe reopen rebase',
)

/** Verbs that are part of other names, too: they count at the start of a name, behind one word, and where they are joined. */
export const EARLY_WRITE_VERBS = set(
  'set add put pay move reset grant archive restore import submit register increase decrease start stop restart invite ban mark trigger dispatch clear flush extend sync migrate manage resolve escalate accept reject decline authorize confirm finalize reply fork pause resume complete process subscribe notify checkout redeem allocate provision',
)

/** Verbs that are as often nouns: they count at the start of a name, and behind one word. */
export const FIRST_WRITE_VERBS = set(
  'post patch change issue charge close open order book credit debit block lock tag link push release ship schedule seed empty',
)

/** Verbs that are nouns at the end of a name that reads: `get_commit`, `list_transfer`. */
export const NOUNS = set('commit merge revert rollback update transfer refund save upload override install')

/** Behind a noun these show that it is one: `price_change_history`. */
export const ABOUT_A_NOUN = set(
  'history list log logs status count title id ids info details detail feed stats summary report view name type rate date number score book lookup preview notes note query get read search find show',
)

/** Two verbs in a row that both count, though the first one reads. */
export const READ_AND_WRITE = set('read_write find_replace search_replace fetch_modify')

/** A name that begins so ends at a proposal, which somebody else decides on. */
export const PROPOSAL_VERBS = set('propose suggest recommend request draft review')

/** Those that are as often nouns: `draft_delete` deletes drafts. */
export const PROPOSAL_VERBS_OR_NOUNS = set('request draft review')

/** What can be made without anything being decided. */
export const PROPOSAL_NOUNS = set('proposal draft request suggestion recommendation')

/** Verbs that make a proposal where a noun of those follows. */
export const MAKING_VERBS = set('create open submit file raise')

/** Words that join a second verb to a first. */
export const JOINERS = set('and or then n plus')

/** Verbs that a text must not say of a tool whose name reads. */
export const DESTRUCTIVE_VERBS = set('insert update upsert delete remove drop truncate write modify overwrite destroy')

/** Inputs by which one tool does several things. */
export const CHOOSING_INPUTS = set('action operation op method command verb mutation')

/** Inputs that hold a decision, and those that say that there is one. */
export const DECISIONS = set('decision verdict')
export const DECIDED = set('approved accepted authorized')

/** Verbs of proposing that are nothing else. */
export const PLAIN_PROPOSAL_VERBS = set('propose suggest recommend')
