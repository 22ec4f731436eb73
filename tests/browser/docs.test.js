import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, shows } from './house.js'

describe('Somebody who reads the documentation', () => {
  let house, page
  before(async () => {
    house = await House.open()
    await house.makeUser('alice')
    page = await house.visitor()
  })
  after(() => house.close())

  it('authorizes with name and password and tries GET /users/me', async () => {
    await page.goto('/docs')
    await page.getByRole('button', { name: 'Authorize', exact: true }).click()
    await page.getByLabel('username:').fill('alice')
    await page.getByLabel('password:', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click()
    await page.getByRole('button', { name: 'Close' }).first().click()

    const operation = page.locator('.opblock-get', { has: page.locator('[data-path="/users/me"]') })
    await operation.getByRole('button').first().click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    const answer = operation.locator('.live-responses-table')
    await answer.getByText('200', { exact: true }).waitFor()
    await answer.getByText('"alice"').first().waitFor()
  })

  it('reads the reference without JavaScript', async () => {
    const plain = await house.visitor({ javaScriptEnabled: false })
    await plain.goto('/docs')
    await plain.getByRole('link', { name: 'API reference' }).first().click()
    await plain.getByText('/users/me', { exact: true }).first().waitFor()
  })
})
