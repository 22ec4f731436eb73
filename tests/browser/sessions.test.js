// Where people are signed in: what they see of it, and end, at a desk, by keyboard and on a phone without scripts.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, says, shows } from './house.js'

describe('Sessions', () => {
  let house
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
  })
  after(() => house.close())

  /** Somebody new at a browser, and signed in with these programs. */
  async function signedInWith(username, programs, context) {
    await house.makeUser(username)
    const tokens = []
    for (const program of programs) tokens.push(await house.tokensOf(username, program))
    return { page: await house.signedIn(username, context), tokens }
  }

  it('are reached from the account, which says how many there are', async () => {
    const { page } = await signedInWith('alice', ['curl/8.5.0'])
    await page.getByText('You are signed in here and in 2 other places.').waitFor()
    await page.getByRole('link', { name: 'See all sessions' }).click()
    await shows(page, 'Where you are signed in')
    await page.getByText('curl 8.5', { exact: true }).waitFor()
    await page.getByText('Chrome on Linux', { exact: true }).waitFor()
  })

  it('end one by one, and all but this one', async () => {
    const { page, tokens } = await signedInWith('bob', ['curl/8.5.0', 'okhttp/4.12.0'])
    await page.goto('/account/sessions')
    await page.getByRole('button', { name: 'End the session curl 8.5' }).click()
    await says(page, 'That session has ended.')
    assert.equal((await house.me(tokens[0].access_token)).status, 401)
    assert.equal((await house.me(tokens[1].access_token)).status, 200)
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await says(page, 'You are signed out everywhere else.')
    await page.getByText('You are signed in here and nowhere else.').waitFor()
    assert.equal((await house.me(tokens[1].access_token)).status, 401)
    const over = page.getByRole('region', { name: 'Ended lately' })
    assert.equal(await over.getByText('Ended by you').count(), 3)
  })

  it('end by keyboard alone', async () => {
    const { page } = await signedInWith('carol', ['curl/8.5.0'])
    await page.goto('/account/sessions')
    const end = page.getByRole('button', { name: 'End the session curl 8.5' })
    for (let steps = 0; steps < 20 && !(await end.evaluate((it) => it === document.activeElement)); steps++) {
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await says(page, 'That session has ended.')
  })

  it('end on a phone that runs no scripts', async () => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, javaScriptEnabled: false }
    const { page } = await signedInWith('dora', ['curl/8.5.0'], phone)
    await page.getByRole('link', { name: 'See all sessions' }).tap()
    await page.getByRole('button', { name: 'End the session curl 8.5' }).tap()
    await says(page, 'That session has ended.')
  })

  it('come fifty at a time', async () => {
    const { page } = await signedInWith('erin', Array(59).fill('curl/8.5.0'))
    await page.goto('/account/sessions')
    const ends = page.getByRole('button', { name: /^End the session/ })
    assert.equal(await ends.count(), 50)
    await page.getByRole('link', { name: 'Next page' }).click()
    await page.waitForURL(/after=/)
    assert.equal(await ends.count(), 10)
    await page.getByRole('link', { name: 'First page' }).click()
    await page.getByText('This device', { exact: true }).waitFor()
  })

  it('that a copied token ended are told on top, with what to do', async () => {
    const { page, tokens } = await signedInWith('frank', ['okhttp/4.12.0'])
    await house.useTwice(tokens[0].refresh_token)
    await page.reload()
    await page.getByText('one of its tokens was used twice').waitFor()
    await page.getByRole('link', { name: 'See all sessions' }).first().click()
    const told = page.getByRole('region', { name: 'A session was ended because one of its tokens was used twice' })
    await told.getByText('okhttp 4.12').waitFor()
    await told.getByText('change your password').waitFor()
  })

  it('say in German what they say', async () => {
    await house.makeUser('greta')
    const page = await house.visitor({ locale: 'de-DE' })
    await page.goto('/login')
    await page.getByLabel('Benutzername oder E-Mail').fill('greta')
    await page.getByLabel('Passwort', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Anmelden' }).click()
    await page.getByRole('link', { name: 'Alle Sitzungen ansehen' }).click()
    await shows(page, 'Wo Sie angemeldet sind')
    await page.getByText('Chrome unter Linux', { exact: true }).waitFor()
  })
})
