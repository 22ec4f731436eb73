import { after, before, describe, it } from 'node:test'
import { House, setUp, shows } from './house.js'

describe('Somebody who just started the server', () => {
  let house, page
  before(async () => {
    house = await House.open()
    page = await house.visitor()
  })
  after(() => house.close())

  it('makes the first administrator from the printed link and lands in the administration', async () => {
    await setUp(page, house.setupLink)
    await shows(page, 'Overview')
    await page.getByRole('link', { name: 'Create a user' }).click()
    await shows(page, 'Create a user')
  })

  it('finds that the link works only once', async () => {
    const stranger = await house.visitor()
    await stranger.goto(house.setupLink)
    await shows(stranger, 'This link no longer works')
    await stranger.getByRole('link', { name: 'Sign in' }).click()
    await shows(stranger, 'Sign in')
  })
})
