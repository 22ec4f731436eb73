import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, signIn } from './house.js'

for (const javaScriptEnabled of [true, false]) {
  describe(`Too many wrong passwords, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    let house, owner
    before(async () => {
      house = await House.open()
      await house.makeUser('alice')
      owner = await house.signedIn('alice', { javaScriptEnabled })
    })
    after(() => house.close())

    it('make a stranger wait, and the page says how long and keeps the name', async () => {
      const stranger = await house.visitor({ javaScriptEnabled })
      for (let n = 0; n < 6; n += 1) {
        await signIn(stranger, 'alice', 'not the right one')
        await stranger.getByRole('alert').waitFor()
      }
      await stranger.getByText(/Too many tries\. Try again in \d+ seconds\./).waitFor()
      assert.equal(await stranger.getByLabel('Username or email').inputValue(), 'alice')
    })

    it('do not keep the owner out of where they have been before', async () => {
      await owner.getByRole('button', { name: 'Sign out', exact: true }).click()
      await signIn(owner, 'alice', PASSWORD)
      await owner.waitForURL('/account')
    })
  })
}
