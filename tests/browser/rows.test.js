// Every list of the console: with nothing in it, and with more than a page holds.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, shows } from './house.js'
import { look } from './look.js'

// What other files look at on the first day is left out there.
const FIRST_DAY = { sessions: 'Sessions', invitations: 'Invitations', outbox: 'Mail', 'users/import': 'Import users' }
// The last two have fewer rows than a page: nobody has so many keys, and refusals of one address are counted out.
const YEAR = {
  users: 'Users',
  sessions: 'Sessions',
  invitations: 'Invitations',
  outbox: 'Mail',
  audit: 'Audit log',
  'api-keys': 'API keys',
  refusals: 'Refused tokens',
}
const PAGED = ['users', 'sessions', 'invitations', 'outbox', 'audit']

describe('The console', () => {
  let house, admin, bearer
  before(async () => {
    house = await House.open({ RATE_LIMITS: 'off' })
    await house.makeAdmin()
    admin = await house.signedIn('admin')
    bearer = { Authorization: `Bearer ${(await house.tokens('admin', PASSWORD)).access_token}` }
  })
  after(() => house.close())

  async function call(method, path, body) {
    const headers = { ...bearer, 'Content-Type': 'application/json' }
    const answer = await fetch(house.address + path, { method, headers, body: JSON.stringify(body) })
    assert.ok(answer.ok, `${method} ${path}: ${await answer.clone().text()}`)
    return answer.status === 204 ? null : answer.json()
  }
  const at = (path, heading) => async (page) => {
    await page.goto(path)
    await shows(page, heading)
  }

  for (const [path, heading] of Object.entries(FIRST_DAY)) {
    it(`${path}, on the first day`, () => look(admin, `first-day-${path.replace('/', '-')}`, at(`/admin/${path}`, heading)))
  }

  describe('after a year', () => {
    let id
    before(async () => {
      const people = []
      for (let n = 0; n < 60; n++) {
        people.push(await call('POST', '/api/users', { username: `person-${n}.${'x'.repeat(n % 40)}`, email: `person-${n}@a-long-domain-name.example`, password: n ? undefined : PASSWORD }))
        await call('POST', '/api/invitations', { email: `guest-${n}@another-long-domain-name.example`, days: 1 + n })
        if (n < 49) await call('POST', '/api/api-keys', { name: `job ${n} ${'of the far west '.repeat(n % 3)}`, scope: n % 2 ? ['users:read', 'audit:read'] : [], expires: n % 3 ? `${n + 1}d` : 'never' })
        await house.me(`${bearer.Authorization.slice(7)}${n}`)
      }
      id = people[0].id
      for (let n = 0; n < 54; n++) await house.tokensOf(people[0].username, 'backup-job/3.1')
    })

    for (const [path, heading] of Object.entries(YEAR)) {
      it(path, () => look(admin, `year-${path}`, at(`/admin/${path}`, heading)))
    }
    it('page by page', async () => {
      for (const path of PAGED) {
        await admin.goto(`/admin/${path}`)
        await admin.getByRole('link', { name: 'Next page' }).click()
        await admin.waitForURL(/after=/)
        await admin.getByRole('link', { name: 'First page' }).waitFor()
      }
    })
    it('somebody with more than a page of everything', () => look(admin, 'year-user', at(`/admin/users/${id}`, 'person-0.')))
    it('the sessions of somebody, of which one is ended without losing sight of the rest', async () => {
      await admin.goto(`/admin/sessions?user=${id}`)
      await admin.getByRole('button', { name: /^End the session/ }).first().click()
      await admin.waitForURL(new RegExp(`user=${id}`))
      await admin.getByText('person-0.').first().waitFor()
    })
  })
})
