import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, says, shows } from './house.js'

describe('An administrator with a phone that runs no scripts', () => {
  let house, page
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    await house.makeUser('alice')
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, javaScriptEnabled: false }
    page = await house.signedIn('admin', phone)
  })
  after(() => house.close())

  it('opens the menu and goes to the users by it', async () => {
    const users = page.getByRole('navigation').getByRole('link', { name: 'Users' })
    assert.equal(await users.isVisible(), false)
    await page.getByText('Menu', { exact: true }).tap()
    await users.tap()
    await shows(page, 'Users')
  })

  it('disables somebody from the menu of a row', async () => {
    await page.getByLabel('More about alice').tap()
    await page.getByRole('button', { name: 'Disable', exact: true }).tap()
    await says(page, 'alice is disabled.')
  })

  it('signs out from the menu', async () => {
    await page.getByText('Menu', { exact: true }).tap()
    await page.getByRole('button', { name: 'Sign out', exact: true }).tap()
    await says(page, 'You are signed out.')
  })
})
