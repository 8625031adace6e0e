import { join } from 'node:path'
import { beforeAll, describe } from 'vitest'
import { createRunner, type Finding, loadConfig } from '../../../src/index.js'
import type { SampleEngine } from '../../support/sample-schemas.js'
import { type Ailment, ailmentCases, type Patient } from '../doctor/cases.js'
import type { Story } from './end-to-end-stories.js'
import type { Onboarding } from './end-to-end-world.js'

/**
 * The doctor looks at the generated roles of a generated contract, and finds each way in which somebody made them wrong.
 * What the tables themselves are warned of beforehand has nothing to do with the roles.
 */
export function describeWrongRoles(engine: SampleEngine, story: Story, onboarding: () => Onboarding): void {
  describe('and a role is made wrong', () => {
    let patient: Patient
    beforeAll(async () => {
      patient = await openPatient(onboarding())
    })
    ailmentCases(() => patient, AILMENTS[engine](story))
  })
}

async function openPatient({ database, folder, env, story, roles, secrets, run }: Onboarding): Promise<Patient> {
  const look = async (): Promise<readonly Finding[]> => {
    const runner = createRunner(loadConfig(join(folder.path, 'synapsor.runner.json')), { env })
    const findings = await runner.doctor({ source: story.source })
    await runner.close()
    return findings.filter(({ severity }) => severity !== 'ok')
  }
  const before = (await look()).filter(isOfTables)
  const known = new Set(before.map(keyOf))
  return {
    names: { ...roles, database: database.engine === 'sqlite' ? 'main' : nameOf(database.adminUrl), group: '' },
    secrets,
    run,
    // Triggers of the sample are seen by whoever is granted enough to see them.
    findings: async () => (await look()).filter((each) => each.reason !== 'TRIGGERS' && !known.has(keyOf(each))),
  }
}

/** Warnings that a sample schema, a server for tests or an answer to the wizard earns by itself. */
function isOfTables({ name, reason }: Finding): boolean {
  return name === 'contract' || (reason !== undefined && OF_TABLES.includes(reason))
}

const OF_TABLES: readonly string[] = ['TENANT_NOT_INDEXED', 'NOT_DURABLE', 'FILE_OPEN_TO_OTHERS']

function keyOf({ name, reason, message }: Finding): string {
  return JSON.stringify([name, reason, message])
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1)
}

type Of = (story: Story) => readonly Ailment[]

const readerCanWrite = { reason: 'READER_CAN_WRITE', severity: 'error' } as const
const readerTooPowerful = { reason: 'READER_TOO_POWERFUL', severity: 'error' } as const
const readerSeesMore = { reason: 'READER_SEES_MORE', severity: 'warning' } as const
const writerLacks = { reason: 'WRITER_LACKS', severity: 'error' } as const
const writerTooWide = { reason: 'WRITER_TOO_WIDE', severity: 'warning' } as const

/** What can go wrong alike where there are roles. */
const common: Of = ({ table, hidden, version, other }) => [
  {
    title: 'the reader may write the table',
    spoil: ({ reader }) => `grant update on ${table} to ${reader}`,
    ...readerCanWrite,
  },
  {
    title: 'the reader sees a column that was left out',
    spoil: ({ reader }) => `grant select (${hidden}) on ${table} to ${reader}`,
    ...readerSeesMore,
  },
  {
    title: 'the reader sees another table',
    spoil: ({ reader }) => `grant select on ${other} to ${reader}`,
    ...readerSeesMore,
  },
  {
    title: 'the writer lacks the version',
    spoil: ({ writer }) => `revoke update (${version}) on ${table} from ${writer}`,
    ...writerLacks,
  },
  {
    title: 'the writer may update every column',
    spoil: ({ writer }) => `grant update on ${table} to ${writer}`,
    ...writerTooWide,
  },
  {
    title: 'the writer cannot leave receipts',
    spoil: ({ writer }) => `revoke insert on synapsor_writeback_receipts from ${writer}`,
    ...writerLacks,
  },
  {
    title: 'the receipts are gone',
    spoil: () => 'drop table synapsor_writeback_receipts',
    reason: 'RECEIPTS_MISSING',
    severity: 'error',
  },
]

/** The rest of them, on one engine and one schema. */
const postgres: Of = ({ table, shown, tenant_key, other }) => [
  ...(['insert', 'delete', 'truncate', 'trigger'] as const).map((right) => ({
    title: `the reader was granted ${right}`,
    spoil: ({ reader }: Patient['names']) => `grant ${right} on ${table} to ${reader}`,
    ...readerCanWrite,
  })),
  {
    title: 'the reader may write a table that no capability names',
    spoil: ({ reader }) => `grant update on ${other} to ${reader}`,
    ...readerCanWrite,
  },
  { title: 'everybody may write the table', spoil: () => `grant update on ${table} to public`, ...readerCanWrite },
  {
    title: 'the reader is the writer by a membership',
    spoil: ({ reader, writer }) => `grant ${writer} to ${reader}`,
    ...readerCanWrite,
  },
  ...(['superuser', 'bypassrls', 'createrole'] as const).map((attribute) => ({
    title: `the reader is ${attribute}`,
    spoil: ({ reader }: Patient['names']) => `alter role ${reader} ${attribute}`,
    ...readerTooPowerful,
  })),
  {
    title: 'the reader may create in the schema',
    spoil: ({ reader }) => `grant create on schema public to ${reader}`,
    ...readerTooPowerful,
  },
  {
    title: 'the reader lacks a column that is shown',
    spoil: ({ reader }) => `revoke select (${shown}) on ${table} from ${reader}`,
    reason: 'READER_LACKS',
    severity: 'error',
  },
  {
    title: 'the writer may update the tenant',
    spoil: ({ writer }) => `grant update (${tenant_key}) on ${table} to ${writer}`,
    ...writerTooWide,
  },
  {
    title: 'the writer may delete rows',
    spoil: ({ writer }) => `grant delete on ${table} to ${writer}`,
    ...writerTooWide,
  },
  {
    title: 'the writer may change receipts',
    spoil: ({ writer }) => `grant update, delete on synapsor_writeback_receipts to ${writer}`,
    reason: 'RECEIPTS_UNPROTECTED',
    severity: 'warning',
  },
  {
    title: 'the writer is a superuser',
    spoil: ({ writer }) => `alter role ${writer} superuser`,
    reason: 'WRITER_TOO_POWERFUL',
    severity: 'error',
  },
]

const AILMENTS: Readonly<Record<SampleEngine, Of>> = {
  postgres: (story) => [...common(story), ...(story.schema === 'shop' ? postgres(story) : [])],
  mysql: common,
  // There are no roles: what is left is the table of receipts.
  sqlite: (story) => common(story).filter(({ reason }) => reason === 'RECEIPTS_MISSING'),
}
