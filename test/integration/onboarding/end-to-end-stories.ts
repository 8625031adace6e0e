import type { ErrorCode } from '../../../src/index.js'
import type { WizardAnswers } from '../../support/answer-wizard.js'
import type { SampleEngine, SampleSchema } from '../../support/sample-schemas.js'

/** One change that an agent proposes, and the row that it leaves. */
export interface Change {
  readonly args: Readonly<Record<string, unknown>>
  readonly row: Readonly<Record<string, unknown>>
}

/** What somebody wants of a sample schema, as answers to the wizard and as flags. */
export interface Story {
  readonly schema: SampleSchema
  readonly table: string
  readonly tenant: string
  readonly tenant_key: string
  /** A column that is shown to the model, one that could be and is not, the version, and a table left alone. */
  readonly shown: string
  readonly hidden: string
  readonly version: string
  readonly other: string
  /** Of the tenant. */
  readonly id: string
  /** Of another one. */
  readonly foreign_id: string
  /** What only the other tenant's row says. */
  readonly foreign_text: string
  readonly lookup: string
  readonly inspect: string
  readonly propose: string
  readonly source: string
  /** What is typed to be asked. `start` is told where the database is. */
  readonly command: 'init --wizard' | 'start'
  readonly answers: WizardAnswers
  readonly flags: (engine: SampleEngine) => readonly string[]
  /** Arguments that go beyond what was answered, and the code that each is refused with. */
  readonly refused: readonly (readonly [args: Readonly<Record<string, unknown>>, code: ErrorCode])[]
  /** The n-th change of the row, each after the one before it. */
  readonly change: (n: number) => Change
}

const STATES = ['active', 'retired'] as const

/** Numbers within bounds and states that follow one another, of rows whose version a trigger moves too. */
const SHOP: Story = {
  schema: 'shop',
  table: 'products',
  tenant: '6f1d2c3e-0001-4a00-8000-00000000000a',
  tenant_key: 'merchant_id',
  shown: 'title',
  hidden: 'cost_cents',
  version: 'row_version',
  other: 'staff_users',
  id: '1',
  foreign_id: '3',
  foreign_text: 'Black tea',
  lookup: 'product_id',
  inspect: 'catalogue.inspect_product',
  propose: 'catalogue.propose_product_update',
  source: 'catalogue',
  command: 'init --wizard',
  answers: {
    'Which table?': { search: 'products' },
    'Which column names one row?': 'as proposed',
    'Which column holds the tenant?': { pick: 'merchant_id' },
    'Which columns may the model see?': { toggle: ['cost_cents'] },
    'Which columns may be proposed to change?': { toggle: ['status', 'price_cents'] },
    'What is status set to?': 'as proposed',
    'How is the argument for status called?': 'as proposed',
    'Which changes of status may be proposed': { type: 'active:retired;retired:active' },
    'What is price_cents set to?': 'as proposed',
    'How is the argument for price_cents called?': { type: 'cents' },
    'Least and greatest price_cents': 'as proposed',
    'Namespace of the tools?': { type: 'catalogue' },
    'Which role must who approves hold?': { type: 'catalogue_lead' },
    'Key of a real row': { type: '1' },
  },
  flags: (engine) => [
    ...['--table', 'products', '--tenant-key', 'merchant_id', '--visible-columns', productColumns(engine)],
    ...['--patch', 'status=arg:status,price_cents=arg:cents', '--numeric-bound', 'price_cents=0:'],
    ...['--transition-guard', 'status=active:retired;retired:active'],
    ...['--namespace', 'catalogue', '--approver-role', 'catalogue_lead', '--object-id', '1'],
  ],
  refused: [
    [{ status: 'retired', cents: -1 }, 'INVALID_ARGUMENT'],
    [{ status: 'draft', cents: 100 }, 'INVALID_ARGUMENT'],
    [{ status: 'active', cents: 100 }, 'TRANSITION_REFUSED'],
  ],
  change: (n) => {
    const row = { status: STATES[n % 2], price_cents: n * 100 }
    return { args: { status: row.status, cents: row.price_cents }, row }
  },
}

function productColumns(engine: SampleEngine): string {
  const columns = 'id,title,description,status,price_cents,margin_cents,attributes,row_version,updated_at'
  return engine === 'postgres' ? `${columns},labels,search` : columns
}

/** Texts that people from outside may have written, of rows whose version is a time. */
const HELPDESK: Story = {
  schema: 'helpdesk',
  table: 'kb_articles',
  tenant: '1',
  tenant_key: 'account_id',
  shown: 'state',
  hidden: 'published_version',
  version: 'updated_at',
  other: 'agents',
  id: '1',
  foreign_id: '2',
  foreign_text: 'Wait until it is cold.',
  lookup: 'article_id',
  inspect: 'help.inspect_article',
  propose: 'help.propose_article_update',
  source: 'help',
  command: 'start',
  answers: {
    'Which table?': { search: 'kb_articles' },
    'Which column names one row?': 'as proposed',
    'Which column holds the tenant?': { pick: 'account_id' },
    'Which columns may the model see?': { toggle: ['published_version'] },
    'Which columns may be proposed to change?': { toggle: ['title', 'body'] },
    'What is title set to?': 'as proposed',
    'How is the argument for title called?': 'as proposed',
    'What is body set to?': 'as proposed',
    'How is the argument for body called?': { type: 'text' },
    'Namespace of the tools?': { type: 'help' },
    'One row, in a word?': { type: 'article' },
    'Which role must who approves hold?': { type: 'editor' },
    'Key of a real row': { type: '1' },
  },
  flags: (engine) => [
    ...['--table', 'kb_articles', '--tenant-key', 'account_id'],
    ...['--visible-columns', 'id,category_id,title,body,state,updated_at'],
    ...['--patch', 'title=arg:title,body=arg:text', '--namespace', 'help', '--object-name', 'article'],
    ...['--approver-role', 'editor', '--object-id', '1'],
    // The times of SQLite's clock are too coarse to be a version.
    ...(engine === 'sqlite' ? ['--weak-guard'] : []),
  ],
  refused: [
    [{ title: 'How to', text: 'x'.repeat(501) }, 'INVALID_ARGUMENT'],
    [{ title: 'How to', text: 'Oil it.', state: 'draft' }, 'INVALID_ARGUMENT'],
  ],
  change: (n) => {
    const row = { title: `How to oil pump ${n}`, body: `Slowly, ${n} times.` }
    return { args: { title: row.title, text: row.body }, row }
  },
}

export const STORIES: readonly Story[] = [SHOP, HELPDESK]

/** What is asked of both, and how it is answered. */
export const COMMON_ANSWERS: WizardAnswers = {
  'Which schema?': 'as proposed',
  'One row, in a word?': 'as proposed',
  'Which column shows that a row has changed?': 'as proposed',
  'Go on with that?': 'as proposed',
  'What becomes of proposals?': 'as proposed',
  'Who may decide': { type: 'dana' },
  'Who writes what was approved?': 'as proposed',
  'Which environment variable holds the URL of the role that writes?': 'as proposed',
}
