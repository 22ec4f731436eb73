import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, says, shows, signIn } from './house.js'

// Without HTTPS, browsers tell a server less about where a request comes from, except for localhost.
for (const [browser, javaScriptEnabled, host] of [
  ['a browser', true, 'localhost'],
  ['a browser without JavaScript', false, 'localhost'],
  ['a browser in a network without HTTPS', true, 'vestibule.internal'],
]) {
  describe(`Alice with ${browser}`, () => {
    let house, page
    before(async () => {
      house = await House.open({}, host)
      page = await house.visitor({ javaScriptEnabled })
    })
    after(() => house.close())

    it('signs up and sees her account', async () => {
      await page.goto('/')
      await shows(page, 'Sign in')
      await page.getByRole('link', { name: 'Sign up' }).click()
      await page.getByLabel('Username', { exact: true }).fill('alice')
      await page.getByLabel('Email').fill('alice@example.com')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign up' }).click()
      await page.waitForURL('/account')
      await shows(page, 'Your account')
      await page.getByText('alice@example.com').waitFor()
    })

    it('signs out, and her account is closed to this browser', async () => {
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await says(page, 'You are signed out.')
      await page.goto('/account')
      await shows(page, 'Sign in')
    })

    it('is told of a wrong password in one sentence, and only the password is to be typed again', async () => {
      await signIn(page, 'alice', 'not my password')
      await page.getByText('Incorrect username or password').waitFor()
      assert.equal(await page.getByLabel('Username or email').inputValue(), 'alice')
      assert.equal(await page.locator(':focus').getAttribute('name'), 'password')
    })

    it('types the right one where the focus is and is in', async () => {
      await page.keyboard.type(PASSWORD)
      await page.keyboard.press('Enter')
      await page.waitForURL('/account')
    })

    it('comes to the page that she wanted before she was asked to sign in', async () => {
      await page.context().clearCookies()
      await page.goto('/account?from=mail')
      await shows(page, 'Sign in')
      await page.getByLabel('Username or email').fill('alice@example.com')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL('/account?from=mail')
    })

    it('cannot sign up twice, is shown why, and loses nothing that she typed', async () => {
      const again = await house.visitor({ javaScriptEnabled })
      await again.goto('/signup')
      await again.getByLabel('Username', { exact: true }).fill('Alice')
      await again.getByLabel('Email').fill('alice2@example.com')
      await again.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await again.getByRole('button', { name: 'Sign up' }).click()
      await again.getByRole('link', { name: 'Username already registered' }).waitFor()
      assert.equal(await again.getByLabel('Email').inputValue(), 'alice2@example.com')
      assert.equal(await again.locator(':focus').getAttribute('name'), 'username')
    })
  })
}
