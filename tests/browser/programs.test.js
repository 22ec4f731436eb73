// Keys for programs, signing keys, settings and health, as people use them and as they look.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, says, shows } from './house.js'
import { look } from './look.js'

describe('What programs and operators need has pages:', () => {
  let house, admin
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    await house.makeUser('alice')
    admin = await house.signedIn('admin')
  })
  after(() => house.close())

  const at = (path, heading) => async (page) => {
    await page.goto(path)
    await shows(page, heading)
  }

  async function make(name, expires = '90d', words = ['users:read']) {
    await admin.goto('/account/api-keys')
    await admin.getByLabel('Name', { exact: true }).fill(name)
    for (const word of words) await admin.getByLabel(word).check()
    await admin.getByLabel('Expires').selectOption(expires)
    await admin.getByRole('button', { name: 'Create key' }).click()
    await shows(admin, 'Your new key')
    return admin.locator('#key').textContent()
  }

  it('nobody has a key yet', async () => {
    await look(admin, 'api-keys-none', at('/account/api-keys', 'API keys'))
    await look(admin, 'admin-api-keys-none', at('/admin/api-keys', 'API keys'))
  })

  it('a key is made, shown once, copied with one click, used and ended', async () => {
    await admin.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const key = await make('nightly export')
    assert.match(key, /^vst_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}$/)
    await look(admin, 'api-key-made', async () => {})
    await admin.setViewportSize({ width: 1280, height: 800 })
    await admin.getByRole('button', { name: 'Copy' }).click()
    await admin.getByRole('button', { name: 'Copied' }).waitFor()
    assert.equal(await admin.evaluate(() => navigator.clipboard.readText()), key)
    assert.equal((await house.me(key)).status, 200)
    await admin.getByRole('link', { name: 'I have kept it' }).click()
    await shows(admin, 'API keys')
    assert.ok(!(await admin.content()).includes(key))
    const end = await admin.getByRole('link', { name: 'End the key “nightly export”' }).getAttribute('href')
    await look(admin, 'api-key-end', at(end, 'End the key “nightly export”'))
    await admin.setViewportSize({ width: 1280, height: 800 })
    await admin.getByRole('button', { name: 'End the key “nightly export”' }).click()
    await says(admin, 'The key has ended')
    assert.equal((await house.me(key)).status, 401)
  })

  it('many keys, long names and names of others’ languages stay readable', async () => {
    await make('n'.repeat(60), 'never', ['users:read', 'users:write', 'audit:read', 'keys:write'])
    await make('مفتاح النسخ الاحتياطي <b>x</b>', '30d', [])
    for (let n = 0; n < 10; n++) await make(`job ${n}`, '365d')
    await look(admin, 'api-keys', at('/account/api-keys', 'API keys'))
    await look(admin, 'admin-api-keys', at('/admin/api-keys', 'API keys'))
  })

  it('a form that can’t be taken keeps what was typed', async () => {
    await admin.goto('/account/api-keys')
    await admin.setViewportSize({ width: 1280, height: 800 })
    await admin.getByLabel('Name', { exact: true }).fill('job')
    await admin.getByLabel('users:write').check()
    await admin.getByLabel('Expires').selectOption('day')
    await admin.getByRole('button', { name: 'Create key' }).click()
    await admin.getByRole('alert').waitFor()
    assert.equal(await admin.getByLabel('Name', { exact: true }).inputValue(), 'job')
    assert.ok(await admin.getByLabel('users:write').isChecked())
    await look(admin, 'api-keys-wrong', async () => {})
  })

  it('a signing key is followed by another, and nobody is signed out', async () => {
    await look(admin, 'admin-keys-rotate', at('/admin/keys/rotate', 'Make a new key'))
    await admin.setViewportSize({ width: 1280, height: 800 })
    await admin.getByRole('button', { name: 'Make a new key' }).click()
    await says(admin, 'A new signing key was made')
    await admin.goto('/admin/keys/rotate')
    await admin.getByLabel('Let it sign at once').check()
    await admin.getByRole('button', { name: 'Make a new key' }).click()
    await says(admin, 'A new signing key was made')
    await look(admin, 'admin-keys', at('/admin/keys', 'Signing keys'))
  })

  it('settings and health are told', async () => {
    await look(admin, 'admin-settings', at('/admin/settings', 'Settings'))
    await look(admin, 'admin-health', at('/admin/health', 'Health'))
  })

  it('the command for the same is quiet until it is asked for', async () => {
    await admin.setViewportSize({ width: 1280, height: 800 })
    await admin.goto('/admin/users')
    await admin.getByRole('link', { name: 'alice' }).first().click()
    await shows(admin, 'alice')
    await look(admin, 'admin-user-commands', async (page) => {
      for (const details of await page.locator('details.curl').all()) await details.evaluate((it) => (it.open = true))
    })
  })
})
