// Users in and out, as administrators do it: a file is looked through, then done, with and without a script.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { House, PASSWORD, says, shows } from './house.js'
import { look } from './look.js'

describe('An administrator', () => {
  let house, page
  before(async () => {
    house = await House.open()
    await house.makeAdmin()
    page = await house.signedIn('admin')
  })
  after(() => house.close())

  /** A file to choose: people that are new, there already, to be converted and refused, in this order. */
  function file(name, people) {
    const path = join(house.directory, name)
    const rows = people.map((person) => JSON.stringify(person)).join('\n')
    writeFileSync(path, rows)
    return path
  }

  const mixed = (stem) => [
    ...Array.from({ length: 40 }, (_, n) => ({ username: `${stem}${n}`, email: `${stem}${n}@example.org` })),
    { username: 'admin', email: 'admin@example.com' },
    { username: `${stem} ${'very-long-'.repeat(5)}name`, email: `${stem}-long@example.org` },
    { username: `${stem}-شركة الأمل`, email: `${stem}-rtl@example.org`, name: 'شركة الأمل للتجارة' },
    { username: `${stem}-<b>bold</b>`, email: 'nowhere', name: '<img src=x onerror=alert(1)>' },
    { username: `${stem}-pirate`, email: `${stem}-pirate@example.org`, roles: ['pirate'] },
  ]

  async function send(page, path) {
    await page.goto('/admin/users/import')
    await page.getByLabel('File', { exact: true }).setInputFiles(path)
    await page.getByRole('button', { name: 'Check the file' }).click()
  }

  it('looks at a file first, imports it, and takes the report along', async () => {
    await page.goto('/admin/users')
    await page.getByRole('link', { name: 'Import' }).click()
    await shows(page, 'Import users')
    await send(page, file('people.jsonl', mixed('scripted')))
    await shows(page, 'people.jsonl')
    await page.getByRole('button', { name: 'Import 42 users' }).click()
    await page.getByRole('link', { name: 'Show users' }).waitFor()
    await page.getByRole('link', { name: 'Refused', exact: true }).click()
    await page.getByText('there is no role called "pirate"').waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download report' }).click()])
    assert.match(readFileSync(await download.path(), 'utf8'), /^row,verdict,who,detail\r\n41,kept,admin,/)
    await page.getByRole('button', { name: 'Discard this import' }).click()
    await says(page, 'The import was put away.')
  })

  it('does the same without a script', async () => {
    const plain = await house.signedIn('admin', { javaScriptEnabled: false })
    await send(plain, file('plain.jsonl', mixed('plain')))
    await plain.getByRole('button', { name: 'Import 42 users' }).click({ timeout: 15_000 })
    await plain.getByRole('link', { name: 'Show users' }).waitFor({ timeout: 15_000 })
    await plain.context().close()
  })

  it('takes everybody along as a file, whose people then sign in elsewhere', async () => {
    await page.goto('/admin/users')
    await page.getByRole('link', { name: 'Export' }).click()
    await page.getByLabel('With password hashes').check()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
    assert.match(download.suggestedFilename(), /^users-\d{4}-\d\d-\d\d\.jsonl$/)
    const [admin] = readFileSync(await download.path(), 'utf8').split('\n').map((line) => line && JSON.parse(line))
    assert.ok(admin.password_hash.startsWith('$2b$'))
    const moved = JSON.stringify({ ...admin, username: 'moved', email: 'moved@example.org', roles: ['user'] })
    const path = join(house.directory, 'one.jsonl')
    writeFileSync(path, moved)
    await send(page, path)
    await page.getByRole('button', { name: 'Import 1 user' }).click()
    await page.getByRole('link', { name: 'Show users' }).waitFor()
    await house.tokens('moved', PASSWORD)
  })

  it('sees pages that look right', async () => {
    await page.goto('/admin/users/import')
    await look(page, 'import', async (page) => {
      await page.goto('/admin/users/import')
      await shows(page, 'Import users')
    })
    await send(page, file(`${'a-very-long-name-of-a-file-'.repeat(2)}.jsonl`, mixed('looked')))
    await page.getByRole('button', { name: 'Import 42 users' }).waitFor()
    const { pathname } = new URL(page.url())
    const at = (path, title) => async (page) => {
      await page.goto(path)
      await page.getByRole('heading', { name: title }).first().waitFor()
    }
    await look(page, 'import-checked', at(pathname, 'Checked'))
    await look(page, 'import-none-kept', at(`${pathname}?verdict=kept&after=900`, 'Checked'))
    await look(page, 'imports', at('/admin/users/import', 'Import users'))
    await look(page, 'import-wrong', async (page) => {
      const path = join(house.directory, 'nonsense.txt')
      writeFileSync(path, 'nonsense')
      await send(page, path)
      await page.getByText("It can't be told which program").first().waitFor()
    })
    writeFileSync(join(house.directory, 'broken.json'), '{"realm": "x", "users": [{"username": "half"')
    await send(page, join(house.directory, 'broken.json'))
    await page.getByText('Stopped').first().waitFor()
    await look(page, 'import-failed', at(new URL(page.url()).pathname, 'Stopped'))
    await look(page, 'export', at('/admin/users/export', 'Export users'))
    await look(page, 'users-with-transfer', at('/admin/users', 'Users'))
  })
})
