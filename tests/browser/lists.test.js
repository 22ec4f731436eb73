// Long lists: found while typing, many changed at once, everybody's sessions.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, says, shows } from './house.js'
import { look, sticksOut } from './look.js'

describe('A list of users', () => {
  let house, page
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    for (const name of ['l'.repeat(60), 'maryam', 'oskar', 'paula', 'quentin', 'rosa']) await house.makeUser(name)
    page = await house.signedIn('admin')
    const id = (await (await house.me((await house.tokens('maryam')).access_token)).json()).id
    await page.goto(`/admin/users/${id}`)
    await page.getByLabel('Name optional').fill('مريم <b>الزهراء</b>')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await says(page, 'Saved.')
  })
  after(() => house.close())

  const list = async (page, query = '') => {
    await page.goto(`/admin/users${query}`)
    await shows(page, 'Users')
  }
  const choose = (page, name) => page.getByRole('checkbox', { name: `Choose ${name}`, exact: true }).check()

  it('finds a name in any script while it is typed, and says how many', async () => {
    await list(page)
    await page.getByLabel('Username, email or name').pressSequentially('الزهراء')
    await page.getByRole('link', { name: 'maryam', exact: true }).waitFor()
    await page.getByRole('link', { name: 'oskar', exact: true }).waitFor({ state: 'detached' })
    assert.equal(await page.locator('#found').textContent(), '1 user shown')
    assert.match(page.url(), /[?&]q=/)
  })

  it('shows the answer to what was typed last, though one before comes later', async () => {
    await list(page)
    let let_go
    const held = new Promise((resolve) => { let_go = resolve })
    await page.route(/[?&]q=osk(&|$)/, async (route) => { await held; await route.continue().catch(() => {}) })
    const field = page.getByLabel('Username, email or name')
    await field.fill('osk')
    await page.waitForRequest(/[?&]q=osk(&|$)/)
    const dropped = page.waitForEvent('requestfailed', (request) => /[?&]q=osk(&|$)/.test(request.url()))
    await field.fill('paul')
    await page.getByRole('link', { name: 'oskar', exact: true }).waitFor({ state: 'detached' })
    let_go()
    await dropped
    assert.equal(await page.getByRole('link', { name: 'oskar', exact: true }).count(), 0)
    assert.equal(await page.getByRole('link', { name: 'paula', exact: true }).count(), 1)
    await page.unroute(/[?&]q=osk(&|$)/)
  })

  it('keeps filter and order in its address, and the way back works', async () => {
    await list(page, '?verified=no&sort=-email')
    assert.equal(await page.getByLabel('Address verified').inputValue(), 'no')
    await page.getByRole('link', { name: 'rosa', exact: true }).click()
    await shows(page, 'rosa')
    await page.goBack()
    await shows(page, 'Users')
    assert.match(page.url(), /verified=no&sort=-email/)
  })

  it('offers what can be done as soon as somebody is chosen, and chooses all', async () => {
    await list(page, '?q=example')
    const bar = page.getByRole('form', { name: 'With those chosen' })
    assert.equal(await bar.isVisible(), false)
    await choose(page, 'oskar')
    assert.equal(await bar.isVisible(), true)
    await page.getByRole('checkbox', { name: 'Choose all on this page' }).check()
    assert.equal(await page.locator('[name=ids]:checked').count(), await page.locator('[name=ids]').count())
    await page.getByRole('checkbox', { name: 'Choose all on this page' }).uncheck()
    assert.equal(await bar.isVisible(), false)
  })

  for (const javaScriptEnabled of [true, false]) {
    it(`deletes those who were chosen, once it was said who they are, ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
      const names = javaScriptEnabled ? ['gone-one', 'gone-two'] : ['gone-three', 'gone-four']
      for (const name of names) await house.makeUser(name)
      const page = await house.signedIn('admin', { javaScriptEnabled })
      await list(page, '?q=gone')
      for (const name of names) await choose(page, name)
      await page.getByRole('button', { name: 'Delete…' }).click()
      await shows(page, 'Delete 2 users for good?')
      for (const name of names) await page.getByText(name, { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Delete', exact: true }).click()
      await says(page, 'Done for everybody chosen.')
      assert.match(page.url(), /[?&]q=gone/)
      assert.equal(await page.getByRole('link', { name: names[0], exact: true }).count(), 0)
    })
  }

  it('says for whom it was not done, and why', async () => {
    await list(page)
    await choose(page, 'admin')
    await choose(page, 'rosa')
    await page.getByRole('button', { name: 'Disable…' }).click()
    await page.getByRole('button', { name: 'Disable', exact: true }).click()
    await shows(page, 'Not for everybody')
    await page.getByText('1 of 2 are done.').waitFor()
    await page.getByText('last administrator').waitFor()
  })

  it('is deleted from, one by one, with the name typed', async () => {
    const { access_token } = await house.makeUser('leaver')
    await list(page, '?q=leaver')
    await page.getByRole('link', { name: 'leaver', exact: true }).click()
    await page.getByRole('link', { name: 'Delete leaver…' }).click()
    await shows(page, 'Delete leaver')
    await page.getByLabel(/leaver/).fill('leaver')
    await page.getByRole('button', { name: 'Delete leaver for good' }).click()
    await says(page, 'The account was deleted.')
    assert.equal((await house.me(access_token)).status, 401)
  })

  it('is followed by everybody’s sessions, of which one is ended', async () => {
    const { access_token } = await house.tokensOf('paula', 'backup-job/3.1')
    await page.getByRole('link', { name: 'Sessions', exact: true }).click()
    await shows(page, 'Sessions')
    await page.getByRole('button', { name: 'End the session of paula' }).first().click()
    await says(page, 'That session has ended.')
    assert.equal((await house.me(access_token)).status, 401)
  })

  describe('looks right, for everybody:', () => {
    it('chosen', () => look(page, 'users-chosen', async (page) => {
      await list(page)
      await choose(page, 'oskar')
      await choose(page, 'l'.repeat(60))
    }))
    it('with a letter or two', () => look(page, 'users-letter', (page) => list(page, '?q=m&verified=no')))
    it('asked before', () => look(page, 'users-ask', async (page) => {
      await list(page)
      for (const name of ['oskar', 'l'.repeat(60), 'maryam']) await choose(page, name)
      await page.getByRole('button', { name: 'Delete…' }).click()
      await shows(page, 'Delete 3 users for good?')
    }))
    it('partly done', () => look(page, 'users-partly', async (page) => {
      await list(page)
      await choose(page, 'admin')
      await page.getByRole('button', { name: 'Disable…' }).click()
      await page.getByRole('button', { name: 'Disable', exact: true }).click()
      await shows(page, 'Not for everybody')
    }))
    it('one to be deleted', () => look(page, 'user-delete', async (page) => {
      await list(page, '?q=oskar')
      const path = await page.getByRole('link', { name: 'oskar', exact: true }).getAttribute('href')
      await page.goto(`${path}/delete`)
      await shows(page, 'Delete oskar')
      await page.getByRole('button', { name: 'Delete oskar for good' }).focus()
    }))
    it('everybody’s sessions', () => look(page, 'all-sessions', async (page) => {
      await page.goto('/admin/sessions')
      await shows(page, 'Sessions')
    }))
    for (const path of ['/admin/users?q=m&verified=no', '/admin/sessions']) {
      it(`${path} in German, at 320 px`, async () => {
        const german = await house.visitor({ storageState: await page.context().storageState(), locale: 'de-DE' })
        await german.goto(path)
        assert.equal(await german.locator('html').getAttribute('lang'), 'de')
        assert.deepEqual(await sticksOut(german), [])
      })
    }
  })
})
