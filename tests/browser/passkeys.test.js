// Passkeys in a real browser, with a device that Chromium plays (CDP domain WebAuthn).
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, says, shows } from './house.js'

const PHONE = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }

/** Gives the page's browser a device that keeps passkeys; `traits` beside or in place of an honest phone's. */
async function withDevice(page, traits = {}) {
  const browser = await page.context().newCDPSession(page)
  await browser.send('WebAuthn.enable')
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', { options: { ...PHONE, ...traits } })
  return {
    credentials: async () => (await browser.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    verifies: (isUserVerified) => browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    isThere: (enabled) => browser.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
  }
}

/** Presses the button, unless the device has answered the offer among the names already, and the page is gone with it. */
async function useAPasskey(page) {
  await page.getByRole('button', { name: 'Use a passkey' }).click({ timeout: 3_000 }).catch(() => {})
}

describe('Passkeys', () => {
  let house
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
  })
  after(() => house.close())

  async function atPasskeys(username, context) {
    await house.makeUser(username)
    const page = await house.signedIn(username, context)
    await page.getByRole('link', { name: 'Manage second factors' }).click()
    await page.getByRole('link', { name: 'Manage passkeys' }).click()
    await shows(page, 'Passkeys')
    return page
  }

  /** The same with a passkey, and nobody near the device for now. */
  async function withPasskey(username) {
    const page = await atPasskeys(username)
    const device = await withDevice(page)
    await add(page)
    await says(page, 'Passkey added.')
    await device.isThere(false)
    return { page, device }
  }

  async function signOut(page) {
    await page.getByRole('button', { name: 'Sign out' }).click()
    await shows(page, 'Sign in')
  }

  async function add(page, name) {
    if (name) await page.getByLabel('Name').fill(name)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
  }

  it('are added, renamed and removed', async () => {
    const page = await atPasskeys('alice')
    const device = await withDevice(page)
    await page.getByText('No passkey yet').waitFor()
    assert.equal(await page.getByLabel('Name').inputValue(), 'Chrome on Linux', 'a name is suggested')
    await add(page)
    await says(page, 'Passkey added.')
    const [kept] = await device.credentials()
    assert.deepEqual([kept.rpId, kept.isResidentCredential], ['localhost', true])
    await page.getByRole('link', { name: 'Chrome on Linux', exact: true }).click()
    await page.getByLabel('Name').fill('Laptop')
    await page.getByRole('button', { name: 'Save' }).click()
    await says(page, 'Passkey renamed.')
    await page.getByRole('link', { name: 'Remove Laptop' }).click()
    await shows(page, 'Remove Laptop')
    await page.getByRole('button', { name: 'Remove Laptop' }).click()
    await says(page, 'Passkey removed.')
    await page.getByText('No passkey yet').waitFor()
  })

  it('are added and removed by keyboard alone', async () => {
    const page = await atPasskeys('berta')
    await withDevice(page)
    await page.getByLabel('Name').focus()
    await page.keyboard.press('Enter')
    await says(page, 'Passkey added.')
    await page.getByRole('link', { name: 'Remove Chrome on Linux' }).focus()
    await page.keyboard.press('Enter')
    await shows(page, 'Remove Chrome on Linux')
    await page.getByRole('button', { name: 'Remove Chrome on Linux' }).focus()
    await page.keyboard.press('Enter')
    await says(page, 'Passkey removed.')
  })

  it('say that a device has one already', async () => {
    const page = await atPasskeys('carl')
    await withDevice(page)
    await add(page, 'First')
    await says(page, 'Passkey added.')
    await add(page, 'Second')
    await page.getByRole('alert').filter({ hasText: 'has a passkey for your account already' }).waitFor()
    assert.equal(await page.getByLabel('Name').inputValue(), 'Second', 'what was typed is kept')
  })

  it('say that it was cancelled, and can be tried again', async () => {
    const page = await atPasskeys('dora')
    const device = await withDevice(page)
    await device.verifies(false) // the person declines to show who they are
    await add(page)
    await page.getByRole('alert').filter({ hasText: 'cancelled' }).waitFor()
    await device.verifies(true)
    await add(page)
    await says(page, 'Passkey added.')
  })

  it('say that the server could not be reached', async () => {
    const page = await atPasskeys('emil')
    await withDevice(page)
    await page.route('**/users/me/passkeys/options', (route) => route.abort())
    await add(page)
    await page.getByRole('alert').filter({ hasText: 'could not be reached' }).waitFor()
    house.complaints.length = 0 // the browser complains of the request that this test cut off
  })

  it('say where they work, to whoever came another way', async () => {
    const elsewhere = await House.open({ PUBLIC_URL: 'http://localhost:1' })
    try {
      await elsewhere.makeUser('fred')
      const page = await elsewhere.signedIn('fred')
      await page.goto('/account/passkeys')
      await page.getByRole('alert').filter({ hasText: 'http://localhost:1' }).waitFor()
      assert.equal(await page.getByRole('button', { name: 'Add a passkey' }).count(), 0)
    } finally {
      await elsewhere.close()
    }
  })

  it('say that they take a script, where none runs; all else works without', async () => {
    const page = await atPasskeys('gerd', { javaScriptEnabled: false })
    await page.locator('noscript p').filter({ hasText: 'takes JavaScript' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Add a passkey' }).isVisible(), false)
  })

  it('say that a browser does not know them', async () => {
    await house.makeUser('hans')
    const page = await house.signedIn('hans')
    await page.addInitScript(() => delete globalThis.PublicKeyCredential)
    await page.goto('/account/passkeys')
    await page.getByRole('alert').filter({ hasText: 'does not know passkeys' }).waitFor()
  })

  it('sign in by a button, without name and password', async () => {
    const { page, device } = await withPasskey('ina')
    await page.getByText('You have no recovery codes').waitFor()
    await signOut(page)
    await device.isThere(true)
    await useAPasskey(page)
    await shows(page, 'Your account')
    await page.getByRole('definition').filter({ hasText: 'ina' }).first().waitFor()
  })

  it('sign in from the name field, where browsers offer them', async () => {
    const { page, device } = await withPasskey('jan')
    await signOut(page)
    await page.goto('/login?next=/account/passkeys')
    await device.isThere(true) // the person picks the passkey that the browser offers
    await shows(page, 'Passkeys')
  })

  it('are asked for after the password, and for what is dangerous', async () => {
    const { page, device } = await withPasskey('kim')
    await signOut(page)
    await page.getByLabel('Username or email').fill('kim')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL(/login\/factor/)
    await device.isThere(true)
    await useAPasskey(page)
    await shows(page, 'Your account')
    await page.goto('/confirm?next=/account/passkeys')
    await useAPasskey(page)
    await shows(page, 'Passkeys')
  })

  it('that the server does not know are told so on the sign-in page', async () => {
    const { page, device } = await withPasskey('lea')
    await page.getByRole('link', { name: 'Remove Chrome on Linux' }).click()
    await page.getByRole('button', { name: 'Remove Chrome on Linux' }).click()
    await says(page, 'Passkey removed.')
    await signOut(page)
    await device.isThere(true)
    await useAPasskey(page)
    await page.getByRole('alert').filter({ hasText: 'This passkey is not known here.' }).waitFor()
  })

  it('are no way in for a device that does not know its owner; the password still is', async () => {
    const { page, device } = await withPasskey('mia')
    await signOut(page)
    await device.verifies(false)
    await device.isThere(true)
    await useAPasskey(page)
    await page.getByRole('alert').filter({ hasText: 'No passkey was used' }).waitFor()
    assert.equal(await page.getByLabel('Password', { exact: true }).isVisible(), true)
  })

  it('are not offered where no script runs, and nobody misses them', async () => {
    const page = await house.visitor({ javaScriptEnabled: false })
    await page.goto('/login')
    assert.equal(await page.getByRole('button', { name: 'Use a passkey' }).isVisible(), false)
  })
})
