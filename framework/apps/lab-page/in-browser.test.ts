import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../api-docs/testing/chromium.ts'
import { type LabPage, startPage } from './serve-page.ts'
import { keptFile } from './testing/kept-file.ts'

const executablePath = findChromium()
const parts = ['ladder', 'run/p06', 'attacks/p06', 'code/p06', 'code/p06/copy', 'audit'] as const

describe.skipIf(!executablePath)('the lab page, in a browser', { timeout: 120_000 }, () => {
  let server: LabPage
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let axe: string
  /** All that the browser complained of: errors, and what the content security policy stopped. */
  const complaints: string[] = []

  beforeAll(async () => {
    server = await startPage({ stack: {} })
    browser = await chromium.launch({ executablePath: executablePath ?? '' })
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
    context.setDefaultTimeout(100_000)
    page = await context.newPage()
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const origin = () => new URL(page.url()).origin
  const show = (part: string) => page.goto(`${origin()}/#/${part}`)
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' })

  async function violations(): Promise<string[]> {
    // A string is evaluated by the developer tools, which the page's policy does not bind.
    const found = (await page.evaluate(`${axe}; axe.run(document, { resultTypes: ['violations'] })`)) as {
      violations: { id: string; nodes: { target: string[] }[] }[]
    }
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`)
  }

  it('opens a link once, and leaves nothing of it in the address', async () => {
    const link = server.link()
    await page.goto(link)
    await page.getByRole('heading', { name: 'The ladder' }).waitFor()
    expect(page.url()).not.toContain(new URL(link).hash)

    const stranger = await browser.newContext()
    const late = await stranger.newPage()
    await late.goto(link)
    await late.getByText('This link was used already').waitFor()
    await stranger.close()
  })

  it('says without JavaScript that it needs it', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    const still = await plain.newPage()
    await still.goto(origin())
    expect(await still.getByRole('heading').textContent()).toBe('This page needs JavaScript')
    await plain.close()
  })

  it('leads from a rung to its run', async () => {
    await show('ladder/p07')
    expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe('p07 On-behalf-of flow')
    await page.getByRole('link', { name: 'Run it' }).click()
    expect(await page.getByLabel('Pattern').inputValue()).toBe('p07')
  })

  it('runs two patterns side by side, by keyboard, and marks the claims that differ', async () => {
    await show('run/p06')
    await page.getByLabel('Beside it').selectOption('p08')
    await button('Run').focus()
    await page.keyboard.press('Enter')
    const [before, after] = [page.getByRole('article').nth(0), page.getByRole('article').nth(1)]
    await before.getByText('allowed, should be denied').waitFor()
    await after.getByText('denied, as it should be').waitFor()
    expect(await after.locator('.verdict').textContent()).toContain('nobody approves an expense of their own')

    const hop = after.getByRole('button', { name: /mcp-server asks expenses: POST/ })
    await hop.focus()
    await page.keyboard.press('Enter')
    const token = after.getByRole('table', { name: /token 2, decoded/ })
    expect(await token.getByRole('row', { name: /^act / }).textContent()).toContain('new')
    expect(await token.getByRole('row', { name: /^aud / }).textContent()).not.toMatch(/new|changed/)
    // A signature would make a token of it.
    expect(await page.content()).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/)

    await after.getByRole('slider').focus()
    await page.keyboard.press('Home')
    expect(await after.getByRole('status').first().textContent()).toMatch(/^1 of /)
  })

  it('shows what a person typed as text, and judges it by no ground truth', async () => {
    const prompt = `Show me Bob's expenses. <img src=x onerror="document.title='run'"><script>document.title='run'</script>`
    await show('run/p06')
    await page.getByLabel(/^Prompt/).selectOption('own')
    await page.getByLabel('Your prompt').fill(prompt)
    await button('Run').click()
    await page.getByText('there is no ground truth for it').first().waitFor()
    expect(await page.getByRole('article').first().textContent()).toContain(prompt)
    expect(await page.title()).toBe('Run – Agent Auth Lab')
  })

  it('runs an attack from its cell, and shows the evidence', async () => {
    await show('attacks/p06')
    await button('conflict-of-interest on p06: not run yet').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Run it' }).click()
    await dialog.getByText('succeeds: alice approved her own expense').waitFor()
    expect(await dialog.textContent()).toContain('expense 103: status pending → approved')
    await page.keyboard.press('Escape')
    expect(await button('conflict-of-interest on p06: succeeds').textContent()).toBe('S')
    expect(await button('conflict-of-interest on p07: not run yet').textContent()).toBe('·')
  })

  it('shows the change from the baseline, and both files whole', async () => {
    await show('code/p06')
    await page
      .getByText("+    policy: 'opa/scope',")
      .or(page.getByText("policy: 'opa/scope',"))
      .first()
      .waitFor()
    await page.getByLabel('Show').selectOption('')
    await page.getByRole('heading', { name: 'patterns/p06-scoped-token-opa/service-auth.ts' }).waitFor()
  })

  it('keeps runs, attacks and a diff as files that open without server and script', async () => {
    const readers = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 700, height: 900 },
    })
    await show('run/p06')
    await page.getByLabel('Beside it').selectOption('p08')
    await button('Run').click()
    const run = await keptFile(page, readers)
    expect(run.name).toBe('run-p06-p08.html')
    await run.reader.getByText('denied, as it should be').waitFor()
    await run.reader.getByText('POST /expenses/103/approve').last().click()
    const token = run.reader.getByRole('table', { name: /token 2, decoded/ }).last()
    expect(await token.getByRole('row', { name: /^act / }).textContent()).toContain('new')
    expect(await run.reader.content()).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/)

    await show('attacks/p06')
    const attacks = await keptFile(page, readers)
    expect(await attacks.reader.getByRole('listitem').first().textContent()).toContain(
      'conflict-of-interest on p06: succeeds, alice approved her own expense',
    )

    await show('code/p06')
    const diff = await keptFile(page, readers)
    expect(diff.name).toBe('diff-p05-p06.html')
    await diff.reader.getByText("policy: 'opa/scope',").first().waitFor()
    for (const { reader, asked } of [run, attacks, diff]) {
      expect(asked).toEqual(['file:'])
      expect(await reader.locator('script').count()).toBe(0)
      expect(await reader.locator('meta[http-equiv]').getAttribute('content')).toMatch(/^default-src 'none'/)
      expect(await reader.evaluate('document.documentElement.scrollWidth')).toBe(700)
    }
    await readers.close()
  })

  describe('your copy of a pattern', () => {
    const editor = (file: string, on = page) =>
      on.getByRole('textbox', { name: `${file} of your copy`, exact: true })
    /** Types over a line, counted from the end, by keyboard alone: long lines above it are wrapped. */
    async function retype(file: string, fromEnd: number, text: string, on = page) {
      await editor(file, on).focus()
      await on.keyboard.press('Control+End')
      for (let each = 0; each < fromEnd; each++) await on.keyboard.press('ArrowUp')
      await on.keyboard.press('End')
      await on.keyboard.press('Shift+Home')
      await on.keyboard.type(text)
    }

    it('shows, by keyboard alone, which attack comes back, and still does after a reload', async () => {
      await show('ladder')
      await page.getByRole('link', { name: 'Change a line of it' }).focus()
      await page.keyboard.press('Enter')
      await editor('service-auth.ts').waitFor()
      await retype('service-auth.ts', 9, "policy: 'any-caller',")
      await page.keyboard.press('Control+Enter')
      await page.getByText('✗ scope-overreach came back').waitFor()
      expect(await page.getByRole('status').first().textContent()).toContain(
        '4 honest requests end otherwise',
      )
      await button('Stop').focus()
      await page.keyboard.press('Enter')
      await button('Run my copy').waitFor()
      await page.reload()
      await page.getByText('✗ scope-overreach came back').waitFor()
      await editor('service-auth.ts').getByText("policy: 'any-caller',").waitFor()
    })

    it('leaves an editor by Tab', async () => {
      await editor('mcp-auth.ts').focus()
      await page.keyboard.press('Tab')
      expect(await editor('service-auth.ts').evaluate('document.activeElement.className')).toBe('editor')
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.tagName')).toBe('INPUT')
    })

    it('refuses the later save of an older version, and loses neither', async () => {
      const other = await context.newPage()
      await other.goto(`${origin()}/#/code/p06/copy`)
      await editor('mcp-auth.ts', other).waitFor()
      await retype('mcp-auth.ts', 0, '// theirs', other)
      await other.getByText('Saving…').waitFor({ state: 'hidden' })
      await retype('mcp-auth.ts', 0, '// mine')
      await page.getByText('Not saved: another page has saved version').waitFor()
      await button('Take the other version').click()
      await editor('mcp-auth.ts').getByText('// theirs').waitFor()
      await editor('mcp-auth.ts').focus()
      await Promise.all([
        page.waitForResponse((answer) => answer.url().endsWith('/save') && answer.ok()),
        page.keyboard.press('Control+z'),
      ])
      await editor('mcp-auth.ts').getByText('// mine').waitFor()
      await other.reload()
      // Lines beyond the window are not drawn.
      await editor('mcp-auth.ts', other).focus()
      await other.keyboard.press('Control+End')
      await editor('mcp-auth.ts', other).getByText('// mine').waitFor()
      await other.close()
    })

    it('says what is wrong at its line, and refuses a name that is taken', async () => {
      await retype('service-auth.ts', 9, 'policy policy:')
      await button('Run my copy').click()
      await page.getByText('your copy cannot be loaded (service-auth.ts line 14)').waitFor()
      expect(await page.locator('.cm-complaint').first().textContent()).toBe("✗ ',' expected.")
      await page.getByLabel('Save as a folder: name or path').fill('p06')
      await button('Save as a folder').click()
      await page.getByText('means a pattern of the ladder').waitFor()
    })
  })

  it('has a timeline for each call, and exports what is chosen', async () => {
    await show('audit')
    await page.getByLabel('Decision').selectOption('deny')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'JSON Lines' }).click(),
    ])
    const lines = (await readFile(await download.path(), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(new Set(['deny']))
    expect(lines.map(({ reason }) => reason)).toContain('nobody approves an expense of their own')
  })

  it.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('is accessible, in %s, at %i px', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    for (const part of parts) {
      await show(part)
      await page.getByRole('heading', { level: 1 }).waitFor()
      if (part.startsWith('run')) {
        await button('Run').click()
        await page.getByText('should be denied').waitFor()
        await page.getByRole('button', { name: /mcp-server asks expenses/ }).click()
      }
      expect({ part, violations: await violations() }).toEqual({ part, violations: [] })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    }
    await show('attacks/p06')
    await button(/^conflict-of-interest on p06/).click()
    await page.getByText('expense 103: status').waitFor()
    expect(await violations()).toEqual([])
    await page.keyboard.press('Escape')
  })

  it('says so when the session was ended, and had nothing to complain of', async () => {
    // The browser tells of the save that was refused.
    expect(complaints.filter((each) => !each.includes('409 (Conflict)'))).toEqual([])
    await page.getByText('Session', { exact: true }).click()
    await button('End this session').click()
    await page.getByText('You ended this session').waitFor()
  })
})
