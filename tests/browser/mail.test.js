// What people do with the mails that they get: each way with a script and without, and on a phone.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, says, shows, signIn } from './house.js'

const NEW = 'copper lantern drift'
const ways = {
  'with a script': {},
  'without a script': { javaScriptEnabled: false },
  'on a phone': { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true },
}

for (const [way, context] of Object.entries(ways)) {
  describe(`Somebody ${way}`, () => {
    let house
    before(async () => {
      house = await House.open()
      await house.makeAdmin()
      for (const name of ['alice', 'bob', 'carol']) await house.makeUser(name)
    })
    after(() => house.close())

    it('who forgot the password follows the link of the mail and signs in with a new one', async () => {
      const page = await house.visitor(context)
      await page.goto('/login')
      await page.getByRole('link', { name: 'Forgot your password?' }).click()
      await page.getByLabel('Email').fill('alice@example.com')
      await page.getByRole('button', { name: 'Send the mail' }).click()
      await shows(page, 'Look into your mail')
      const { link } = await house.mailTo('alice@example.com', 'Set a new password')
      await page.goto(link)
      await page.getByLabel('Password', { exact: true }).fill(NEW)
      await page.getByRole('button', { name: 'Set password' }).click()
      await says(page, 'Your password was changed')
      await signIn(page, 'alice', NEW)
      await shows(page, 'Your account')
      await page.goto(link)
      await shows(page, 'This link does not count any more')
    })

    it('who reads mail elsewhere types the code', async () => {
      const page = await house.visitor(context)
      await page.goto('/forgot')
      await page.getByLabel('Email').fill('bob@example.com')
      await page.getByRole('button', { name: 'Send the mail' }).click()
      const { code } = await house.mailTo('bob@example.com', 'Set a new password')
      assert.equal(await page.getByLabel('Email').inputValue(), 'bob@example.com')
      await page.getByLabel('Code from the mail').fill(code.toLowerCase())
      await page.getByLabel('Password', { exact: true }).fill(NEW)
      await page.getByRole('button', { name: 'Set password' }).click()
      await says(page, 'Your password was changed')
    })

    it('who is invited follows the link, chooses a name and a password, and is in', async () => {
      const admin = await house.signedIn('admin', context)
      await admin.goto('/admin/invitations/new')
      await admin.getByLabel('Email').fill('mara@example.com')
      await admin.getByRole('button', { name: 'Invite' }).click()
      await says(admin, 'The invitation is on its way')
      const { link } = await house.mailTo('mara@example.com', 'You are invited')
      const page = await house.visitor(context)
      await page.goto(link)
      await page.getByText('admin has invited you').waitFor()
      assert.equal(await page.getByLabel('Email').inputValue(), 'mara@example.com')
      await page.getByLabel('Username').fill('mara')
      await page.getByLabel('Password', { exact: true }).fill(NEW)
      await page.getByRole('button', { name: 'Sign up' }).click()
      await shows(page, 'Your account')
      await page.goto(link)
      await shows(page, 'This invitation does not count any more')
      await admin.goto('/admin/invitations')
      // On a phone a row is a card, and has the role of none.
      await admin.locator('tr').filter({ hasText: 'mara@example.com' }).filter({ hasText: 'Used' }).filter({ hasText: '1 / 1' }).waitFor()
    })

    it('confirms the address, takes another, and keeps the old one until that is confirmed', async () => {
      const page = await house.signedIn('carol', context)
      const { code } = await house.mailTo('carol@example.com', 'Confirm your address')
      await page.getByLabel('Code from the mail').fill(code)
      await page.getByRole('button', { name: 'Confirm address' }).click()
      await says(page, 'Your address is confirmed')
      await page.getByLabel('New address').fill('new@example.com')
      await page.getByRole('button', { name: 'Change address' }).click()
      await says(page, 'A mail is on its way to the new address')
      await page.getByText('new@example.com waits to be confirmed').waitFor()
      const { link } = await house.mailTo('new@example.com', 'Confirm your new address')
      await page.goto(link)
      await shows(page, 'Use this address?')
      await page.getByRole('button', { name: 'Confirm address' }).click()
      await shows(page, 'Your account')
      await page.getByText('new@example.com').first().waitFor()
    })
  })
}

describe('An administrator', () => {
  let house
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    await house.makeUser('dora')
  })
  after(() => house.close())

  it('has somebody set a new password, and sees the mail go out', async () => {
    const page = await house.signedIn('admin')
    await page.goto('/admin/users')
    await page.getByRole('link', { name: 'dora' }).first().click()
    await page.getByRole('button', { name: 'Send mail to set a password' }).click()
    await says(page, 'A mail to set a new password is on its way')
    await house.mailTo('dora@example.com', 'Set a new password')
    await page.getByRole('link', { name: 'Mail', exact: true }).click()
    await shows(page, 'Mail')
    await page.getByText('No mail server is set').waitFor()
    await page.getByRole('row', { name: /dora@example.com Set a new password Sent/ }).waitFor()
  })

  it('can sign in as before', async () => {
    await signIn(await house.visitor(), 'dora', PASSWORD)
  })
})
