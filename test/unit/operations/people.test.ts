import { describe, expect, it } from 'vitest'
import { createPeople } from '../../../src/operations/people.js'

const about = { tenant_id: 'acme' }
const unknown = expect.objectContaining({ code: 'APPROVER_UNKNOWN' })

describe('the people who decide', () => {
  it('are those of the contract where it lists them, with its roles alone', async () => {
    const people = createPeople({ dana: { roles: ['lead'] } }, undefined)
    expect(await people.identify({ id: 'dana', roles: ['admin'] }, about)).toEqual({ id: 'dana', roles: ['lead'] })
    expect(await people.identifyAgain({ id: 'dana', roles: ['admin'] }, about)).toEqual({ id: 'dana', roles: ['lead'] })
    for (const id of ['erin', 'Dana', 'constructor', '__proto__']) {
      await expect(people.identify({ id, roles: ['lead'] }, about)).rejects.toEqual(unknown)
    }
  })

  it('are those the app knows at this moment, with its roles alone', async () => {
    const asked: unknown[] = []
    const people = createPeople(undefined, async (id, { tenant_id }) => {
      asked.push([id, tenant_id])
      return id === 'dana' ? { id: 'dana', roles: ['lead'] } : undefined
    })
    expect(await people.identify({ id: 'dana', roles: ['admin'] }, about)).toEqual({ id: 'dana', roles: ['lead'] })
    expect(await people.identifyAgain({ id: 'dana', roles: ['admin'] }, about)).toEqual({ id: 'dana', roles: ['lead'] })
    await expect(people.identify({ id: 'erin' }, about)).rejects.toEqual(unknown)
    expect(asked).toEqual([
      ['dana', 'acme'],
      ['dana', 'acme'],
      ['erin', 'acme'],
    ])
  })

  it('are not somebody else whom the app answers with', async () => {
    const people = createPeople(undefined, async () => ({ id: 'root', roles: ['lead'] }))
    await expect(people.identify({ id: 'dana' }, about)).rejects.toEqual(unknown)
  })

  it('are whom the host vouches for where nobody else is asked, then and later', async () => {
    const people = createPeople(undefined, undefined)
    expect(await people.identify({ id: 'dana' }, about)).toEqual({ id: 'dana', roles: [] })
    expect(await people.identifyAgain({ id: 'dana', roles: ['lead'] }, about)).toEqual({ id: 'dana', roles: ['lead'] })
  })

  it.each(['', ' ', 'x'.repeat(257), undefined, null, 7])('have a name: %j is none', async (id) => {
    const everybody = [createPeople({ '': { roles: [] } }, undefined), createPeople(undefined, undefined)]
    for (const people of everybody) {
      await expect(people.identify({ id: id as string }, about)).rejects.toEqual(unknown)
    }
  })
})
