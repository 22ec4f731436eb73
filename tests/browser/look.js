// What holds for every page, whatever it shows. The pictures it takes are for people to look at: target/screenshots.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { screenshots } from './house.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The page in light and dark, wide and narrow, as `arrive` leaves it. */
export async function look(page, name, arrive) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await arrive(page)
      await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}-${width}.png`), fullPage: true })
      assert.deepEqual(await findings(page), [], `accessibility in ${colorScheme} at ${width} px`)
    }
  }
  assert.deepEqual(await sticksOut(page), [], 'nothing sticks out at 320 px')
}

/** What axe finds serious or critical, the size of targets included. Swagger UI is others' work. */
async function findings(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ exclude: ['#swagger-ui'] }, { rules: { 'target-size': { enabled: true } } }))
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ help, nodes }) => `${help}: ${nodes.map(({ target }) => target).join(', ')}`)
}

export async function sticksOut(page) {
  await page.setViewportSize({ width: 320, height: 640 })
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const wide = [...document.body.querySelectorAll('*')].filter((it) => it.getBoundingClientRect().right > clientWidth)
    return [`the page, ${scrollWidth} px`, ...wide.map((it) => `${it.tagName.toLowerCase()}.${it.className}`)]
  })
}
