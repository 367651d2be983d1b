import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from '../../api-docs/testing/chromium.ts'
import { notebookNames, notebooksFolder } from '../headless/all-notebooks.ts'

const hasJupyter = spawnSync('jupyter', ['nbconvert', '--version'], { stdio: 'ignore' }).status === 0
const executablePath = hasJupyter ? findChromium() : undefined
const names = await notebookNames()
const run = promisify(execFile)

/** Runs in the browser, and gives one line for each problem. */
const problemsOnPage = readFileSync(new URL('testing/problems-on-page.js', import.meta.url), 'utf8')

/** In px: a narrow window, and a usual one. */
const widths = [700, 1100]

describe.skipIf(!executablePath)('the notebooks as nbconvert shows them', { timeout: 300_000 }, () => {
  let browser: Browser
  let scratch: string

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'notebook-pages-'))
    const paths = names.map((name) => join(notebooksFolder, name))
    for (const theme of ['light', 'dark']) {
      const options = ['--to', 'html', `--HTMLExporter.theme=${theme}`, '--output-dir', join(scratch, theme)]
      await run('jupyter', ['nbconvert', ...options, ...paths])
    }
    browser = await chromium.launch({ executablePath: executablePath ?? '' })
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await rm(scratch, { recursive: true, force: true })
  })

  describe.each(['light', 'dark'])('in %s', (theme) => {
    test.each(names)('%s can be read whole, in every width', async (name) => {
      const problems: string[] = []
      for (const width of widths) {
        const page = await browser.newPage({ viewport: { width, height: 900 } })
        // Nothing from elsewhere: the page must do without.
        await page.route('**/*', (route) =>
          route.request().url().startsWith('file:') ? route.continue() : route.abort(),
        )
        await page.goto(pathToFileURL(join(scratch, theme, name.replace('.ipynb', '.html'))).href)
        const found = (await page.evaluate(problemsOnPage)) as string[]
        expect(await page.locator('.jp-OutputArea-output svg').count()).toBeGreaterThan(0)
        problems.push(...found.map((problem) => `${width} px: ${problem}`))
        await page.close()
      }
      expect(problems).toEqual([])
    })
  })

  test('are shown with their pictures before they are run, once they are trusted', async () => {
    const [first = ''] = names
    const copy = join(scratch, first)
    await copyFile(join(notebooksFolder, first), copy)
    const env = { ...process.env, JUPYTER_DATA_DIR: join(scratch, 'data') }
    const isTrusted = `import nbformat, nbformat.sign, sys
print(nbformat.sign.NotebookNotary().check_signature(nbformat.read(sys.argv[1], 4)))`
    const check = async () => (await run('python', ['-c', isTrusted, copy], { env })).stdout.trim()
    expect(await check()).toBe('False')
    await run('jupyter', ['trust', copy], { env })
    expect(await check()).toBe('True')
  })
})
