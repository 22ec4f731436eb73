import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { eventually, House, shows } from './house.js'
import { look, sticksOut } from './look.js'

describe('The audit log', () => {
  let house, page
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    await house.makeUser('alice')
    await house.makeUser('l'.repeat(60))
    const body = new URLSearchParams({ username: 'alice', password: 'wrong' })
    await fetch(`${house.address}/token`, { method: 'POST', body })
    page = await house.signedIn('admin')
  })
  after(() => house.close())

  it('tells what happened, and unfolds to all there is to say', async () => {
    await page.goto('/admin')
    await page.getByRole('link', { name: 'Audit log', exact: true }).click()
    await shows(page, 'Audit log')
    const failed = page.locator('details.entry').filter({ hasText: 'A sign-in as alice failed' })
    await failed.locator('summary').click()
    await failed.getByText('Hash').waitFor()
    await failed.getByRole('link', { name: 'alice', exact: true }).click()
    await page.waitForURL(/subject=/)
    await page.getByText('alice signed up').waitFor()
    assert.equal(await page.getByText('admin signed in').count(), 0)
  })

  it('is filtered by a form whose fields stand in the address', async () => {
    await page.goto('/admin/audit')
    await page.getByLabel('About whom').fill('alice')
    await page.getByLabel('What happened').selectOption('signin.failed')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.waitForURL(/subject=alice&.*kind=signin\.failed/)
    assert.equal(await page.locator('details.entry').count(), 1)
    await page.goBack()
    await page.getByText('alice signed up').waitFor()
  })

  it('is downloaded as it is filtered', async () => {
    await page.goto('/admin/audit?subject=alice')
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export' }).click()])
    assert.equal(file.suggestedFilename(), 'vestibule-audit.jsonl')
  })

  it('is proven when one asks', async () => {
    await page.goto('/admin/audit')
    await page.getByText('Not checked yet').waitFor()
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.getByText('are as they were recorded').waitFor()
  })

  const at = (path, heading) => async (page) => {
    await page.goto(path)
    await shows(page, heading)
  }

  it('looks right', () => look(page, 'audit', at('/admin/audit', 'Audit log')))
  it('looks right unfolded', () =>
    look(page, 'audit-entry', async (page) => {
      await at('/admin/audit?kind=signin.failed', 'Audit log')(page)
      await page.locator('details.entry summary').click()
    }))
  it('looks right where nothing fits', () => look(page, 'audit-none', at('/admin/audit?subject=nobody', 'Audit log')))

  it('is drawn on the overview, with a table beside it', async () => {
    await eventually(async () => {
      await page.goto('/admin')
      return page.getByRole('img', { name: /^Failed sign-ins: 1 / }).isVisible()
    })
    await page.getByRole('link', { name: '30 days' }).click()
    await page.waitForURL('/admin?span=month')
    await page.locator('summary').filter({ hasText: 'The same as a table' }).click()
    assert.equal(await page.getByRole('table').getByRole('row').count(), 31)
    await look(page, 'overview-table', async (page) => {
      await at('/admin?span=year', 'Overview')(page)
      await page.locator('summary').filter({ hasText: 'The same as a table' }).click()
    })
  })

  it('reads German too, without anything sticking out', async () => {
    const german = await house.visitor({ storageState: await page.context().storageState(), locale: 'de-DE' })
    await at('/admin/audit', 'Protokoll')(german)
    await german.locator('details.entry summary').first().click()
    assert.deepEqual(await sticksOut(german), [])
    await at('/admin?span=month', 'Übersicht')(german)
    assert.deepEqual(await sticksOut(german), [])
  })
})
