// A house for one file of tests: a real server on a fresh database, a real browser, and people to use them.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url))
const binary = process.env.VESTIBULE ?? join(target, 'debug/vestibule')

export const screenshots = join(target, 'screenshots')
export const PASSWORD = 'violet kettle orbit'

export class House {
  complaints = []

  /** Starts server and browser; `settings` are environment variables beside those that every test needs. */
  static async open(settings = {}, host = 'localhost') {
    const house = new House()
    try {
      await house.#serve(settings, host)
      const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim()
      const args = [`--host-resolver-rules=MAP ${host} 127.0.0.1`]
      house.browser = await chromium.launch({ executablePath, args })
      return house
    } catch (problem) {
      house.server.kill() // or this process would wait for it
      throw problem
    }
  }

  /** Ends both, and fails if a page of these tests had something to complain about. */
  async close() {
    await this.browser.close()
    this.server.kill()
    await this.ended
    assert.deepEqual(this.complaints, [], 'no page has errors, misses a part of it or breaks its security policy')
  }

  async #serve(settings, host) {
    const port = await freePort()
    this.url = `http://${host}:${port}`
    this.address = `http://127.0.0.1:${port}` // for fetch, which may try only one address of localhost
    this.directory = mkdtempSync(join(tmpdir(), 'vestibule-browser-'))
    const env = { PORT: port, PUBLIC_URL: this.url, BCRYPT_COST: 10, ...settings }
    this.server = spawn(binary, { cwd: this.directory, env, stdio: ['ignore', 'pipe', 'pipe'] })
    process.on('exit', () => {
      this.server.kill()
      rmSync(this.directory, { recursive: true, force: true })
    })
    this.ended = once(this.server, 'close')
    let said = ''
    const link = new Promise((found) => {
      const listen = (text) => {
        said += text
        const link = said.match(/http\S*\/setup\?code=[\w.~-]+/)
        if (link) found(link[0])
      }
      this.server.stdout.on('data', listen)
      this.server.stderr.on('data', listen)
    })
    const early = this.ended.then(() => assert.fail(`the server ended by itself:\n${said}`))
    this.setupLink = await Promise.race([link, early])
    await eventually(async () => (await fetch(`${this.address}/health/ready`)).ok)
  }

  /** A page of somebody who never was here. `context` goes to Playwright: javaScriptEnabled, viewport… */
  async visitor(context = {}) {
    const browsing = await this.browser.newContext({ baseURL: this.url, ...context })
    browsing.setDefaultTimeout(45_000)
    const page = await browsing.newPage()
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error}`))
    page.on('console', (message) => {
      // A page may be a refusal itself; its parts may not be.
      const refused = message.text().includes('responded with a status') && message.location().url === page.url()
      if (message.type() === 'error' && !refused) this.complaints.push(`${page.url()}: ${message.text()}`)
    })
    return page
  }

  async signedIn(username, context) {
    const page = await this.visitor(context)
    await signIn(page, username)
    await shows(page, 'Your account')
    return page
  }

  /** The first administrator, made in the browser as everybody makes theirs. */
  async makeAdmin() {
    const page = await this.visitor()
    await setUp(page, this.setupLink)
    await page.context().close()
  }

  /** Makes an account as a program does and gives its tokens. */
  async makeUser(username) {
    const body = JSON.stringify({ username, email: `${username}@example.com`, password: PASSWORD })
    const headers = { 'Content-Type': 'application/json' }
    const answer = await fetch(`${this.address}/signup`, { method: 'POST', headers, body })
    assert.equal(answer.status, 201, `${username} is signed up`)
    return this.tokens(username)
  }

  async tokens(username, password = PASSWORD, headers = {}) {
    const body = new URLSearchParams({ username, password })
    const answer = await fetch(`${this.address}/token`, { method: 'POST', headers, body })
    assert.equal(answer.status, 200, `${username} gets tokens`)
    return answer.json()
  }

  /** The same for a program that calls itself so. */
  async tokensOf(username, userAgent) {
    return this.tokens(username, PASSWORD, { 'User-Agent': userAgent })
  }

  /** What a thief's use of a copied refresh token comes to. */
  async useTwice(refresh_token) {
    for (const thief of ['first/1', 'second/1']) {
      const body = new URLSearchParams({ refresh_token })
      await fetch(`${this.address}/refresh`, { method: 'POST', headers: { 'User-Agent': thief }, body })
    }
  }

  /** The newest mail to this address with this subject, as its text: without a mail server, mails are files. */
  async mailTo(address, subject) {
    const folder = join(this.directory, 'data/outbox')
    let found
    await eventually(async () => {
      const mails = readdirSync(folder).filter((name) => name.endsWith('.eml')).sort().reverse()
      found = mails.map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')).find((mail) =>
        mail.includes(`\nTo: ${address}\n`) && mail.includes(`Subject: ${subject}\n`))
      return found !== undefined
    })
    const text = found.split('Content-Type: text/plain')[1].split('\n--')[0].replaceAll('=\n', '')
    const plain = text.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
    return { link: plain.match(/^http\S+/m)?.[0], code: plain.match(/^ {4}(\S{4}-\S{4})$/m)?.[1] }
  }

  /** The server's answer to GET /users/me. */
  async me(token) {
    return fetch(`${this.address}/users/me`, { headers: { Authorization: `Bearer ${token}` } })
  }
}

export async function setUp(page, link) {
  await page.goto(link)
  await page.getByLabel('Username', { exact: true }).fill('admin')
  await page.getByLabel('Email').fill('admin@example.com')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await page.waitForURL('/admin')
}

export async function signIn(page, username, password = PASSWORD) {
  await page.goto('/login')
  await page.getByLabel('Username or email').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Waits until the page with this heading is there, with its styles. */
export async function shows(page, heading) {
  await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor()
  await page.waitForLoadState()
}

/** Waits until the page says what was done. Where scripts run, it says it twice: once to be seen, once to be heard. */
export async function says(page, sentence) {
  await page.getByRole('status').filter({ hasText: sentence }).first().waitFor()
}

export async function eventually(holds) {
  for (const end = Date.now() + 45_000; ; await new Promise((later) => setTimeout(later, 50))) {
    if (await holds().catch(() => false)) return
    assert.ok(Date.now() < end, `still not true: ${holds}`)
  }
}

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => found(port))
    })
  })
}
