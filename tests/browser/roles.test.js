// Roles and permissions as an administrator meets them, with few and with many.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, says, shows } from './house.js'
import { look } from './look.js'

const LONG = 'accounts-receivable.team-of-the-north-western-region_approvers'

describe('Roles', () => {
  let house, admin, bearer, aliceId
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    admin = await house.signedIn('admin')
    bearer = { Authorization: `Bearer ${(await house.tokens('admin', PASSWORD)).access_token}` }
    const { access_token } = await house.makeUser('alice')
    aliceId = (await (await house.me(access_token)).json()).id
  })
  after(() => house.close())

  async function call(method, path, body) {
    const headers = { ...bearer, 'Content-Type': 'application/json' }
    const answer = await fetch(house.address + path, { method, headers, body: JSON.stringify(body) })
    assert.ok(answer.ok, `${method} ${path}: ${await answer.clone().text()}`)
    return answer.json()
  }
  const make = (name, permissions, description = '') => call('POST', '/api/roles', { name, permissions, description })
  const at = (path, heading) => async (page) => {
    await page.goto(path)
    await shows(page, heading)
  }

  it('of a young installation', () => look(admin, 'roles-few', at('/admin/roles', 'Roles')))

  it('are made with a form, given until a date, and deleted', async () => {
    await admin.goto('/admin/roles')
    await admin.getByRole('link', { name: 'Create role' }).click()
    await admin.getByLabel('Name', { exact: true }).fill('clerk')
    await admin.getByLabel('What it is for').fill('Looks after invoices')
    await admin.getByLabel('More permissions').fill('invoices:read invoices:approve')
    await admin.getByRole('button', { name: 'Create', exact: true }).click()
    await says(admin, 'The role was created')

    await admin.goto(`/admin/users/${aliceId}`)
    await admin.getByRole('checkbox', { name: 'clerk' }).check()
    await admin.getByLabel('End of clerk, in UTC').fill('2099-06-01T12:00')
    await admin.getByRole('button', { name: 'Save roles' }).click()
    await says(admin, 'saved')
    assert.equal(await admin.getByLabel('End of clerk, in UTC').inputValue(), '2099-06-01T12:00')

    await admin.getByRole('link', { name: 'What may they do, and why?' }).click()
    await admin.getByLabel('Permission').fill('invoices:approve')
    await admin.getByRole('button', { name: 'Explain' }).click()
    await admin.getByText('Yes, alice may do this').waitFor()
    await look(admin, 'why-yes', at(`/admin/users/${aliceId}/why?permission=invoices%3Aapprove`, 'What alice may do'))
    await look(admin, 'why-no', at(`/admin/users/${aliceId}/why?permission=audit%3Aread`, 'What alice may do'))

    await admin.goto('/admin/roles')
    await admin.getByRole('link', { name: 'clerk', exact: true }).first().click()
    await admin.getByRole('link', { name: 'Delete role' }).click()
    await look(admin, 'role-delete', (page) => page.goto(page.url()))
    await admin.getByRole('button', { name: 'Delete clerk' }).click()
    await says(admin, 'The role was deleted')
  })

  it('with mistakes in the form', () => look(admin, 'role-wrong', async (page) => {
    await page.goto('/admin/roles/new')
    await page.getByLabel('Name', { exact: true }).fill('user')
    await page.getByLabel('What it is for').fill('مرحبا')
    await page.getByLabel('More permissions').fill('nonsense')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByRole('alert').waitFor()
  }))

  it('that somebody else changes meanwhile', async () => {
    const { id } = await make('raced', ['users:read'], 'Before')
    const path = `/admin/roles/${id}`
    let n = 0
    await look(admin, 'role-stale', async (page) => {
      await page.goto(path)
      await call('PATCH', `/api/roles/${id}`, { description: `Theirs ${n++}` })
      await page.getByLabel('What it is for').fill('Mine')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Somebody has changed this meanwhile').waitFor()
    })
  })

  describe('thirty of them, with thirty permissions', () => {
    let longId
    before(async () => {
      const words = ['invoices', 'orders', 'wiki', 'stock', 'payroll'].flatMap((part) =>
        ['read', 'write', 'approve', 'export', 'delete'].map((verb) => `${part}:${verb}`))
      for (let n = 0; n < 26; n++) await make(`team-${n}`, words.filter((_, at) => (at * 7 + n * 3) % 4 === 0), n % 3 ? 'A team' : '')
      const strange = ['a:b', `${'long-word-'.repeat(6)}:approve-everything-there-is`]
      longId = (await make(LONG, [...words, ...strange], '<b>Markup</b> & مريم الزهراء, '.repeat(6))).id
      const { items } = await call('GET', '/api/users?q=alice')
      await call('PUT', `/api/users/${items[0].id}/roles`, { roles: ['team-1', { name: LONG, until: '2099-01-01T00:00:00Z' }] })
    })
    it('as a list and as a matrix', () => look(admin, 'roles-many', at('/admin/roles', 'Roles')))
    it('in the form for one', () => look(admin, 'role-long', at(`/admin/roles/${longId}`, LONG)))
    it('in the form for a new one', () => look(admin, 'role-new', at('/admin/roles/new', 'Create a role')))
    it('in the role that has them all', () => look(admin, 'role-admin', at('/admin/roles/admin', 'admin')))
    it('as words', () => look(admin, 'permissions', at('/admin/permissions', 'Permissions')))
    it('on the page about somebody', () => look(admin, 'user-roles', at(`/admin/users/${aliceId}`, 'alice')))
    it('in all that somebody may do', () => look(admin, 'why', at(`/admin/users/${aliceId}/why`, 'What alice may do')))
    it('for somebody who holds little', async () => {
      await make('helper', ['users:read', 'roles:write'])
      const { id } = await (await house.me((await house.makeUser('helen')).access_token)).json()
      await call('PUT', `/api/users/${id}/roles`, { roles: ['helper'] })
      const helen = await house.signedIn('helen')
      const own = (await call('GET', '/api/roles?limit=200')).items.find(({ name }) => name === 'helper').id
      await look(helen, 'role-helper', at(`/admin/roles/${own}`, 'helper'))
      await look(helen, 'role-above', at(`/admin/roles/${longId}`, LONG))
    })
    it('in German', async () => {
      const page = await house.visitor({ locale: 'de-DE', storageState: await admin.context().storageState() })
      await look(page, 'roles-de', at('/admin/roles', 'Rollen'))
      await look(page, 'role-new-de', at('/admin/roles/new', 'Rolle anlegen'))
    })
  })
})
