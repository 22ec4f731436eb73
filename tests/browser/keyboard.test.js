import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, shows } from './house.js'

describe('An administrator without a mouse', () => {
  let house, page
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    await house.makeUser('alice')
    page = await house.visitor()
  })
  after(() => house.close())

  /** Presses Tab until the link or button of that name has the focus, which must be seen all the way. */
  async function tabTo(name) {
    for (let steps = 0; steps < 40; steps++) {
      await page.keyboard.press('Tab')
      const stop = await page.evaluate(() => {
        const it = document.activeElement // the body after the last stop and before the first
        const outlined = getComputedStyle(it).outlineStyle !== 'none' && it.getBoundingClientRect().width > 0
        return { name: it.ariaLabel ?? it.innerText.trim(), seen: outlined || it === document.body }
      })
      assert.ok(stop.seen, `the focus is seen on '${stop.name}'`)
      if (stop.name === name) return
    }
    assert.fail(`Tab never reaches '${name}'`)
  }

  it('signs in: the focus is in the name, then the password, and Enter sends it', async () => {
    await page.goto('/login')
    await page.keyboard.type('admin')
    await page.keyboard.press('Tab')
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await shows(page, 'Your account')
  })

  it('skips the rail at the first Tab', async () => {
    await page.keyboard.press('Tab')
    assert.equal(await page.locator(':focus').innerText(), 'Skip to content')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate(() => document.activeElement.id), 'content')
  })

  it('opens a user', async () => {
    await page.goto('/admin')
    await tabTo('Users')
    await page.keyboard.press('Enter')
    await shows(page, 'Users')
    await tabTo('alice')
    await page.keyboard.press('Enter')
    await shows(page, 'alice')
  })

  it('opens and leaves the menu of a row', async () => {
    await page.goto('/admin/users')
    await tabTo('More about alice')
    await page.keyboard.press('Enter')
    await tabTo('Disable')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Disable' }).first().waitFor({ state: 'hidden' })
    assert.equal(await page.locator(':focus').getAttribute('aria-label'), 'More about alice')
  })
})
