import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, shows } from './house.js'

const GOOD = ['violet kettle orbit', 'Kettle-orbit-violet7', 'x9K#mq2&Qz8*pL6+w', 'grüner kessel kreist']
const NOT_GOOD = [
  'elephantsunshine', '1qaz2wsx3edc', 'iloveyousomuch', 'password1234password', 'P@ssw0rd!P@ssw0rd!', 'aaa bbb ccc ddd',
  'qwertyuiopasdfgh', '123-456-789-000', 'correct correct correct', 'パスワードは長い方がいい',
]

describe('A new password', () => {
  let house, page
  before(async () => {
    house = await House.open({ RATE_LIMITS: 'off' })
    page = await house.visitor()
    await house.makeUser('taken')
  })
  after(() => house.close())

  const type = (password) => page.getByLabel('Password', { exact: true }).fill(password)
  const said = (text) => page.locator('.strength [role=status]', { hasText: text }).waitFor()

  it('is judged while it is typed, in words and by a meter', async () => {
    await page.goto('/signup')
    assert.equal(await page.locator('.strength').isVisible(), false, 'nothing is said of nothing')
    for (const [password, words] of [
      ['short', 'Still too short.'],
      ['elephantsunshine', 'This may do.'],
      ['sunshine1', 'Probably too easy to guess.'],
      ['violet kettle orbit', 'Hard to guess.'],
    ]) {
      await type(password)
      await said(words)
    }
    assert.equal(await page.locator('.strength meter').evaluate((meter) => meter.value), 3)
  })

  it('may not tell whose it is', async () => {
    await page.getByLabel('Username', { exact: true }).fill('gwendolyn')
    await type('violet gwendolyn orbit')
    await said("It can't contain your name")
  })

  it('is never praised where the server would refuse it', async () => {
    const levels = (all) => page.evaluate((some) => some.map((one) => strengthOf(one)), all)
    assert.deepEqual(await levels(GOOD), GOOD.map(() => 3))
    for (const level of await levels(NOT_GOOD)) assert.ok(level < 3)
    for (const password of GOOD) {
      const body = JSON.stringify({ username: 'taken', email: 'other@example.com', password })
      const headers = { 'Content-Type': 'application/json' }
      const answer = await fetch(`${house.address}/signup`, { method: 'POST', headers, body })
      assert.equal(answer.status, 400, `${password} is taken, the name is not`)
    }
  })

  it('is judged where scripts do not run when it is sent', async () => {
    const plain = await house.visitor({ javaScriptEnabled: false })
    await plain.goto('/signup')
    assert.equal(await plain.locator('.strength').isVisible(), false)
    await plain.getByLabel('Username', { exact: true }).fill('carol')
    await plain.getByLabel('Email').fill('carol@example.com')
    await plain.getByLabel('Password', { exact: true }).fill('sunshine1')
    await plain.getByRole('button', { name: 'Sign up' }).click()
    await plain.getByRole('link', { name: /too easy to guess/ }).waitFor()
    await shows(plain, 'Create your account')
  })
})
