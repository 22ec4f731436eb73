import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually, House, says, shows, signIn } from './house.js'

describe('An administrator', () => {
  let house, page
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    page = await house.signedIn('admin')
  })
  after(() => house.close())

  async function open(username) {
    await page.goto(`/admin/users?q=${username}`)
    await page.getByRole('link', { name: username, exact: true }).click()
    await shows(page, username)
  }

  it('finds somebody by a part of the name and opens the page about them', async () => {
    await house.makeUser('findable')
    await house.makeUser('other')
    await page.goto('/admin')
    await page.getByRole('link', { name: 'Users', exact: true }).click()
    await page.getByLabel('Username, email or name').fill('indab')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('link', { name: 'other', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'findable', exact: true }).click()
    await shows(page, 'findable')
  })

  it('has the list filtered while typing, in the address too', async () => {
    await house.makeUser('typed')
    await page.goto('/admin/users')
    await page.getByLabel('Username, email or name').pressSequentially('typed')
    await page.waitForURL(/[?&]q=typed\b/)
    await page.getByRole('link', { name: 'admin', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'typed', exact: true }).waitFor()
  })

  it("edits alice's name", async () => {
    const { access_token } = await house.makeUser('alice')
    await open('alice')
    await page.getByLabel('Name optional').fill('Alice Liddell')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await says(page, 'Saved.')
    await shows(page, 'Alice Liddell')
    assert.equal((await (await house.me(access_token)).json()).name, 'Alice Liddell')
  })

  it('creates a user, who can sign in with what they were given', async () => {
    await page.goto('/admin/users')
    await page.getByRole('link', { name: 'Create user' }).click()
    await page.getByLabel('Username', { exact: true }).fill('carol')
    await page.getByLabel('Email').fill('carol@example.com')
    await page.getByLabel('Password', { exact: true }).fill('a lamp under water')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await says(page, 'carol can sign in now.')
    await house.tokens('carol', 'a lamp under water')
  })

  it('disables bob: his open browser and his tokens are out at once, and he cannot come back', async () => {
    const { access_token } = await house.makeUser('bob')
    const bob = await house.signedIn('bob')
    assert.equal((await house.me(access_token)).status, 200)

    await open('bob')
    await page.getByRole('button', { name: 'Disable bob' }).click()
    await says(page, 'bob is disabled.')

    await bob.getByRole('link', { name: 'Account', exact: true }).click()
    await bob.waitForURL(/\/login/)
    assert.equal((await house.me(access_token)).status, 401)
    await signIn(bob, 'bob')
    await bob.getByText('Incorrect username or password').waitFor()
  })

  it('enables bob again: he signs in as before, his old token stays dead', async () => {
    const { access_token } = await house.makeUser('bobby')
    await open('bobby')
    await page.getByRole('button', { name: 'Disable bobby' }).click()
    await page.getByRole('button', { name: 'Enable bobby' }).click()
    await says(page, 'bobby is enabled')

    await house.signedIn('bobby')
    assert.equal((await house.me(access_token)).status, 401)
  })

  it('finds out why a program was refused, by the request id that it got', async () => {
    const { access_token } = await house.makeUser('erin')
    await open('erin')
    await page.getByRole('button', { name: 'End all sessions' }).click()
    const refused = await house.me(access_token)
    assert.equal(refused.status, 401)
    const { request_id } = await refused.json()

    await page.getByRole('link', { name: 'Refused tokens', exact: true }).click()
    await eventually(async () => {
      await page.getByLabel('Request id').fill(request_id)
      await page.getByRole('button', { name: 'Explain' }).click()
      await page.getByText('Its session was ended by admin').waitFor({ timeout: 1000 })
      return true
    })
    await page.getByRole('link', { name: 'erin', exact: true }).first().click()
    await shows(page, 'erin')
  })

  it('sees the latest refusals and opens one', async () => {
    await house.me('nonsense')
    await eventually(async () => {
      await page.goto('/admin/refusals')
      await page.getByRole('link', { name: 'Not a token' }).first().click({ timeout: 1000 })
      await page.getByText('it does not have the form of one').waitFor({ timeout: 1000 })
      return true
    })
  })

  it('is not offered to people who are none, and the pages refuse them', async () => {
    await house.makeUser('dave')
    const dave = await house.signedIn('dave')
    assert.equal(await dave.getByRole('link', { name: 'Users' }).count(), 0)
    assert.equal((await dave.goto('/admin/users')).status(), 403)
  })
})
