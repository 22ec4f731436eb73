// The second factor, from the first code to the day the phone is gone, with and without JavaScript.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, says, shows, signIn } from './house.js'
import { look } from './look.js'

/** The six digits that an authenticator app shows for a secret in base 32, `steps` half minutes from now (RFC 6238). */
function code(secret, steps = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const digest = createHmac('sha1', key).update(counter).digest()
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

for (const javaScriptEnabled of [true, false]) {
  describe(`Alice ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    let house, page, secret, recovery
    before(async () => {
      house = await House.open()
      await house.makeAdmin()
      await house.makeUser('alice')
      page = await house.signedIn('alice', { javaScriptEnabled })
    })
    after(() => house.close())

    it('sets up an authenticator app', async () => {
      await page.getByRole('link', { name: 'Manage second factors' }).click()
      await shows(page, 'Second factors')
      await page.getByRole('button', { name: 'Set up an app' }).click()
      await page.getByRole('img', { name: 'QR code' }).waitFor()
      secret = await page.locator('.secret-text code').innerText()
      await page.getByLabel('Code that the app shows now').fill('000000')
      await page.getByRole('button', { name: 'Confirm' }).click()
      await page.getByRole('alert').waitFor()
      assert.equal(await page.locator(':focus').getAttribute('name'), 'code')
      await page.keyboard.type(code(secret))
      await page.keyboard.press('Enter')
    })

    it('sees her recovery codes once and says that she has kept them', async () => {
      await shows(page, 'Your recovery codes')
      recovery = await page.locator('.codes code').allInnerTexts()
      assert.equal(recovery.length, 10)
      await page.getByLabel('I have kept these codes').check()
      await page.getByRole('button', { name: 'Go on' }).click()
      await says(page, 'Your second factor is set up.')
      await page.getByText('10 of 10 are left.').waitFor()
    })

    it('is asked for a code when she signs in, and comes to where she wanted', async () => {
      await page.context().clearCookies()
      await page.goto('/account/sessions')
      await page.getByLabel('Username or email').fill('alice')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await shows(page, 'Second factor')
      await page.reload()
      await page.goBack()
      await page.goForward()
      await shows(page, 'Second factor')
      assert.equal(await page.locator(':focus').getAttribute('name'), 'otp')
      await page.keyboard.type(code(secret, 1)) // this half minute's was used to set it up
      await page.keyboard.press('Enter')
      await page.waitForURL('/account/sessions')
    })

    it('takes a recovery code when the phone is gone', async () => {
      await page.context().clearCookies()
      await signIn(page, 'alice')
      await page.getByLabel('Code').fill(recovery[0].toUpperCase())
      await page.getByRole('button', { name: 'Go on' }).click()
      await shows(page, 'Your account')
    })

    it('is let in once by the administrator when those are gone as well', async () => {
      const admin = await house.signedIn('admin', { javaScriptEnabled })
      await admin.goto('/admin/users')
      await admin.getByRole('link', { name: 'alice', exact: true }).click()
      await admin.getByRole('button', { name: 'Let in once without second factor' }).click()
      await shows(admin, 'Code for one sign-in')
      const once = await admin.locator('.secret-text code').innerText()
      await page.context().clearCookies()
      await signIn(page, 'alice')
      await page.getByLabel('Code').fill(once)
      await page.getByRole('button', { name: 'Go on' }).click()
      await shows(page, 'Your account')
    })

    it('puts the app away that is lost, since the administrator has vouched for her', async () => {
      await page.goto('/account/factors')
      await page.getByRole('link', { name: 'Remove the app' }).click()
      await page.getByRole('button', { name: 'Remove the app' }).click()
      await says(page, 'Your second factor was removed.')
    })
  })
}

describe('Where a second factor is required', () => {
  let house
  before(async () => (house = await House.open({ SECOND_FACTOR: 'required' })))
  after(() => house.close())

  it('the first administrator sets one up on the way in', async () => {
    const page = await house.visitor()
    await page.goto(house.setupLink)
    await page.getByLabel('Username', { exact: true }).fill('admin')
    await page.getByLabel('Email').fill('admin@example.com')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await shows(page, 'Set up a second factor')
    const waiting = page.url()
    await look(page, 'enrol', async (page) => {
      await page.goto(waiting)
      await page.getByRole('button', { name: 'Set up' }).click()
      await page.getByRole('img', { name: 'QR code' }).waitFor()
    })
    const secret = await page.locator('.secret-text code').innerText()
    await page.getByLabel('Code that the app shows now').fill(code(secret))
    await page.getByRole('button', { name: 'Confirm' }).click()
    await shows(page, 'Your recovery codes')
    await page.getByLabel('I have kept these codes').check()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.waitForURL('/admin')
  })
})

describe('Every page of the second factor looks right, for everybody:', () => {
  let house, alice, tokens
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    tokens = await house.makeUser('alice')
    alice = await house.signedIn('alice')
  })
  after(() => house.close())

  const at = (path, heading) => async (page) => {
    await page.goto(path)
    await shows(page, heading)
  }

  it('none set up', () => look(alice, 'factors-none', at('/account/factors', 'Second factors')))

  it('a new password', () => look(alice, 'password', at('/account/password', 'Change password')))

  it('a new password with mistakes', () => look(alice, 'password-wrong', async (page) => {
    await page.goto('/account/password')
    await page.getByLabel('Current password').fill('not it')
    await page.getByLabel('New password').fill('something longer')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByRole('alert').waitFor()
  }))

  it('proving anew', () => look(alice, 'confirm', at('/confirm?next=/account', 'Confirm that it is you')))

  it('setting up an app', () => look(alice, 'totp', async (page) => {
    await page.goto('/account/factors')
    await page.getByRole('button', { name: 'Set up an app' }).click()
    await page.getByRole('img', { name: 'QR code' }).waitFor()
  }))

  it('recovery codes, and all that follows', async () => {
    const authorized = { Authorization: `Bearer ${tokens.access_token}`, 'Content-Type': 'application/json' }
    const post = async (path, body) => {
      const answer = await fetch(`${house.address}${path}`, { method: 'POST', headers: authorized, body: JSON.stringify(body) })
      assert.equal(answer.status, 200)
      return answer.json()
    }
    const { secret } = await post('/users/me/totp', {})
    const { recovery_codes } = await post('/users/me/totp/confirm', { code: code(secret) })
    await look(alice, 'factors', at('/account/factors', 'Second factors'))
    await look(alice, 'confirm-factor', at('/confirm', 'Confirm that it is you'))
    await look(alice, 'totp-remove', at('/account/factors/totp/remove', 'Remove the authenticator app?'))
    const stranger = await house.visitor()
    await signIn(stranger, 'alice')
    await shows(stranger, 'Second factor')
    await look(stranger, 'factor', (page) => page.reload())
    await look(stranger, 'login-over', at('/login?over=1', 'Sign in'))
    await signIn(stranger, 'alice')
    await stranger.getByLabel('Code').fill(recovery_codes[0])
    await stranger.getByRole('button', { name: 'Go on' }).click()
    await shows(stranger, 'Your account')
    await look(stranger, 'recovery-codes', async (page) => {
      await page.goto('/account/factors')
      await page.getByRole('button', { name: 'Make new codes' }).click()
      await shows(page, 'Your recovery codes')
    })
    const admin = await house.signedIn('admin')
    const id = (await (await house.me(tokens.access_token)).json()).id
    await look(admin, 'user-factor', at(`/admin/users/${id}`, 'alice'))
    await look(admin, 'bypass', async (page) => {
      await page.goto(`/admin/users/${id}`)
      await page.getByRole('button', { name: 'Let in once' }).click()
      await shows(page, 'Code for one sign-in')
    })
  })
})
