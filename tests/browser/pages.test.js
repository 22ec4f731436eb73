// What holds for every page: see `look.js`.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually, House, shows, signIn } from './house.js'
import { look, sticksOut } from './look.js'

const KB = 1024
/** Every page that needs no id, for whoever is signed in. */
const ACCOUNT = ['', '/sessions', '/activity', '/password', '/factors', '/passkeys', '/api-keys', '/delete'].map((path) => `/account${path}`)
const ADMIN = ['', '/users', '/users/new', '/users/import', '/users/export', '/sessions', '/invitations', '/invitations/new', '/roles',
  '/roles/new', '/permissions', '/outbox', '/api-keys', '/keys', '/keys/rotate', '/settings', '/health', '/refusals', '/audit'].map((path) => `/admin${path}`)
const DOOR = ['/login', '/signup', '/forgot', '/reset', '/verify', '/not-me']
const WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

/** All that a browser that never was here loads for this page, headers included. */
async function bytesOverTheWire(page, path) {
  const network = await page.context().newCDPSession(page)
  let bytes = 0
  network.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await network.send('Network.enable')
  await page.goto(path, { waitUntil: 'networkidle' })
  return bytes
}

describe('Every page looks right, for everybody:', () => {
  let house, closed, stranger, admin, aliceId
  before(async () => {
    house = await House.open()
    closed = await House.open({ SIGNUP: 'closed' })
    await house.makeAdmin()
    await closed.makeAdmin()
    stranger = await house.visitor()
    admin = await house.signedIn('admin')
    await populate()
  })
  after(async () => {
    await closed.close()
    await house.close()
  })

  /** People whom the pages were not drawn for, and alice. */
  async function populate() {
    await house.makeUser('l'.repeat(60))
    const maryam = await idOf('maryam')
    await admin.goto(`/admin/users/${maryam}`)
    await admin.getByLabel('Name optional').fill('مريم الزهراء')
    await admin.getByRole('button', { name: 'Save', exact: true }).click()
    await shows(admin, 'مريم الزهراء')
    aliceId = await idOf('alice')
  }

  async function idOf(newUser) {
    const { access_token } = await house.makeUser(newUser)
    return (await (await house.me(access_token)).json()).id
  }

  /** The administrator in another browser, which has nothing in its cache. */
  async function sameAdmin(context) {
    return house.visitor({ storageState: await admin.context().storageState(), ...context })
  }

  const at = (path, heading) => async (page) => {
    await page.goto(path)
    await shows(page, heading)
  }

  it('sign-in', () => look(stranger, 'login', at('/login', 'Sign in')))

  it('sign-in after a wrong password', () => look(stranger, 'login-wrong', async (page) => {
    await signIn(page, 'nobody', 'wrong')
    await page.getByRole('alert').waitFor()
  }))

  it('sign-up', () => look(stranger, 'signup', at('/signup', 'Create your account')))

  it('sign-up with mistakes', () => look(stranger, 'signup-wrong', async (page) => {
    await page.goto('/signup')
    await page.getByLabel('Username', { exact: true }).fill('alice')
    await page.getByLabel('Email').fill('new@example.com')
    await page.getByLabel('Password', { exact: true }).fill('password')
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByRole('alert').waitFor()
  }))

  it('sign-up where it is closed', async () => {
    await look(await closed.visitor(), 'signup-closed', at('/signup', 'Sign-up is closed'))
  })

  it('the first set-up', async () => {
    const fresh = await House.open()
    await look(await fresh.visitor(), 'setup', at(fresh.setupLink, 'Make the first administrator'))
    await fresh.close()
  })

  it('a set-up link that is used up', () => {
    return look(stranger, 'setup-expired', at(house.setupLink, 'This link no longer works'))
  })

  it('a page that is not there', () => look(stranger, 'not-found', at('/nowhere', 'Not found')))
  it('an explained error', () => look(stranger, 'problem', at('/errors/not-found', 'Not found')))

  it('the documentation to try out', () => look(stranger, 'docs', async (page) => {
    await page.goto('/docs')
    await page.getByRole('button', { name: 'Authorize', exact: true }).waitFor()
  }))

  it('the reference', () => look(stranger, 'reference', at('/redoc', 'Vestibule')))

  it('an account', async () => look(await house.signedIn('maryam'), 'account', at('/account', 'Your account')))
  it('sessions, this one alone', async () => {
    await house.makeUser('solo')
    const page = await house.signedIn('solo')
    await page.goto('/account/sessions')
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await look(page, 'sessions-alone', at('/account/sessions', 'Where you are signed in'))
  })

  it('passkeys', async () => {
    await house.makeUser('peter')
    const page = await house.signedIn('peter')
    await look(page, 'passkeys-none', at('/account/passkeys', 'Passkeys'))
    const browser = await page.context().newCDPSession(page)
    await browser.send('WebAuthn.enable')
    const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
    await browser.send('WebAuthn.addVirtualAuthenticator', { options })
    await page.goto('/account/passkeys')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('Passkey added.').first().waitFor()
    await look(page, 'passkeys', at('/account/passkeys', 'Passkeys'))
    await look(page, 'passkeys-twice', async (page) => {
      await page.goto('/account/passkeys')
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.getByRole('alert').waitFor()
    })
    await page.getByRole('link', { name: 'Chrome on Linux', exact: true }).click()
    const { pathname } = new URL(page.url())
    await look(page, 'passkey', at(pathname, 'Chrome on Linux'))
    await look(page, 'passkey-remove', at(`${pathname}/remove`, 'Remove Chrome on Linux'))
    await look(page, 'confirm-passkey', at('/confirm', 'Confirm that it is you'))
  })

  describe('sessions', () => {
    let page
    before(async () => {
      const programs = [WINDOWS, 'curl/8.5.0', IPHONE, `${'long-program-name-'.repeat(4)}/1.2.3 ${'x'.repeat(300)}`, '']
      await house.makeUser('zoe')
      await house.useTwice((await house.tokensOf('zoe', IPHONE)).refresh_token)
      for (const program of programs) await house.tokensOf('zoe', program)
      const { access_token } = await house.tokensOf('zoe', 'okhttp/4.12.0')
      await fetch(`${house.address}/logout`, { method: 'POST', headers: { Authorization: `Bearer ${access_token}` } })
      page = await house.signedIn('zoe')
    })
    it('in several places, one of them ended by a copied token', () => {
      return look(page, 'sessions', at('/account/sessions', 'Where you are signed in'))
    })
    it('in short on the account', () => look(page, 'account-sessions', at('/account', 'Your account')))
    it('in so many places that they take pages', async () => {
      for (let n = 0; n < 54; n++) await house.tokensOf('zoe', 'backup-job/3.1')
      await look(page, 'sessions-many', at('/account/sessions', 'Where you are signed in'))
      await look(page, 'sessions-rest', async () => {
        await page.goto('/account/sessions')
        await page.getByRole('link', { name: 'Next page' }).click()
        await page.waitForURL(/after=/)
      })
    })
  })

  it('a forgotten password', () => look(stranger, 'forgot', at('/forgot', 'Forgot your password?')))

  it('after asking for a new password', () => look(stranger, 'forgot-sent', async (page) => {
    await page.goto('/forgot')
    await page.getByLabel('Email').fill('alice@example.com')
    await page.getByRole('button', { name: 'Send the mail' }).click()
    await shows(page, 'Look into your mail')
  }))

  it('a new password, by the link of a mail', async () => {
    const { link } = await house.mailTo('alice@example.com', 'Set a new password')
    await look(stranger, 'reset', at(link, 'Set a new password'))
  })

  it('a new password, by a code that is wrong', () => look(stranger, 'reset-wrong', async (page) => {
    await page.goto('/reset')
    await page.getByLabel('Email').fill('alice@example.com')
    await page.getByLabel('Code from the mail').fill('AAAA-AAAA')
    await page.getByLabel('Password', { exact: true }).fill('copper lantern drift')
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('alert').waitFor()
  }))

  it('links that count no more', async () => {
    await look(stranger, 'reset-over', at('/reset?code=x', 'This link does not count any more'))
    await look(stranger, 'verify-over', at('/verify?code=x', 'This link does not count any more'))
    await look(stranger, 'not-me-over', at('/not-me?code=x', 'This link does not count any more'))
  })

  it('a sign-in that may have been somebody else, by the link of a mail', async () => {
    await house.makeUser('newton')
    for (const _ of [1, 2]) await signIn(await house.visitor(), 'newton')
    const { link } = await house.mailTo('newton@example.com', 'A new device signed in')
    await look(stranger, 'not-me', at(link, 'Was this not you?'))
  })

  it('an address to confirm', async () => {
    const { link } = await house.mailTo('maryam@example.com', 'Confirm your address')
    await look(stranger, 'verify', at(link, 'Is this your address?'))
  })

  it('an address that waits to take the place of another', async () => {
    const page = await house.signedIn('maryam')
    await page.goto('/account')
    await page.getByLabel('New address').fill('maryam.al-zahra@a-rather-long-domain-name.example')
    await page.getByRole('button', { name: 'Change address' }).click()
    await look(page, 'account-pending', at('/account', 'Your account'))
    const { link } = await house.mailTo('maryam.al-zahra@a-rather-long-domain-name.example', 'Confirm your new address')
    await look(stranger, 'verify-change', at(link, 'Use this address?'))
  })

  it('invitations', async () => {
    await look(admin, 'invite', at('/admin/invitations/new', 'Invite somebody'))
    await admin.getByLabel('Email').fill(`${'a'.repeat(40)}@a-company-with-a-long-name.example`)
    await admin.getByRole('button', { name: 'Invite' }).click()
    await look(admin, 'invitation-link', async (page) => {
      await page.goto('/admin/invitations/new')
      await page.getByRole('button', { name: 'Invite' }).click()
      await shows(page, 'Link to pass on')
    })
    const link = await admin.locator('.secret-text').innerText()
    await look(admin, 'invitations', at('/admin/invitations', 'Invitations'))
    await look(stranger, 'invited', at(link, 'Create your account'))
    await look(stranger, 'invitation-over', at('/signup?code=nothing', 'This invitation does not count any more'))
  })

  it('the mails that went out', () => look(admin, 'outbox', at('/admin/outbox', 'Mail')))

  it('a page without permission', async () => {
    await look(await house.signedIn('alice'), 'forbidden', at('/admin/users', 'Not allowed'))
  })

  it('the overview', () => look(admin, 'overview', at('/admin', 'Overview')))
  it('users', () => look(admin, 'users', at('/admin/users', 'Users')))
  it('users, none found', () => look(admin, 'users-none', at('/admin/users?q=nobody', 'Users')))
  it('a new user', () => look(admin, 'user-new', at('/admin/users/new', 'Create a user')))
  it('a user', () => look(admin, 'user', at(`/admin/users/${aliceId}`, 'alice')))

  it('a disabled user', async () => {
    await admin.goto(`/admin/users/${aliceId}`)
    await admin.getByRole('button', { name: 'Disable alice' }).click()
    await look(admin, 'user-disabled', at(`/admin/users/${aliceId}`, 'alice'))
  })

  it('refused tokens, none lately', async () => {
    const fresh = await House.open()
    await fresh.makeAdmin()
    await look(await fresh.signedIn('admin'), 'refusals-none', at('/admin/refusals', 'Refused tokens'))
    await fresh.close()
  })

  it('a refused token, explained', async () => {
    const { access_token } = await house.makeUser('r'.repeat(60))
    await (await house.visitor()).request.post('/logout', { headers: { Authorization: `Bearer ${access_token}` } })
    await house.me(`${access_token}x`)
    const id = (await house.me(access_token)).headers.get('x-request-id')
    const explained = async (page) => {
      await at(`/admin/refusals?id=${id}`, 'Refused tokens')(page)
      await page.getByText('Its session was ended by').waitFor({ timeout: 1000 })
    }
    await eventually(() => explained(admin).then(() => true))
    await look(admin, 'refusal', explained)
  })

  it('a refused token that nothing is known of', () => {
    return look(admin, 'refusal-unknown', at('/admin/refusals?id=0123', 'Refused tokens'))
  })

  it('a user who is not there', () => look(admin, 'user-not-found', at('/admin/users/nobody', 'Not found')))

  for (const path of [...DOOR, ...ACCOUNT, ...ADMIN]) {
    it(`${path} is there in German, whose words are longer, and nothing sticks out at 320 px`, async () => {
      const page = await (path.startsWith('/a') ? sameAdmin({ locale: 'de-DE' }) : house.visitor({ locale: 'de-DE' }))
      await page.goto(path)
      assert.equal(new URL(page.url()).pathname, path)
      assert.equal(await page.locator('html').getAttribute('lang'), 'de')
      assert.deepEqual(await sticksOut(page), [])
    })
  }

  it('the sign-in page is 30 KB at most over the wire', async () => {
    const bytes = await bytesOverTheWire(await house.visitor(), '/login')
    assert.ok(bytes <= 30 * KB, `${bytes} bytes`)
  })

  for (const path of [...ACCOUNT, ...ADMIN]) {
    it(`${path} is 80 KB at most over the wire`, async () => {
      const bytes = await bytesOverTheWire(await sameAdmin(), path)
      assert.ok(bytes <= 80 * KB, `${bytes} bytes`)
    })
  }
})
