import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'

/**
 * Presses *Keep as a file*, and opens the file as its reader does.
 * @param readers the browser in which it is opened
 * @returns the file's name, its page, and every address that the page asked for
 */
export async function keptFile(page: Page, readers: BrowserContext) {
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Keep as a file' }).click(),
  ])
  const folder = await mkdtemp(join(tmpdir(), 'kept-'))
  try {
    const name = saved.suggestedFilename()
    await saved.saveAs(join(folder, name))
    const reader = await readers.newPage()
    const asked: string[] = []
    reader.on('request', (request) => asked.push(new URL(request.url()).protocol))
    await reader.goto(pathToFileURL(join(folder, name)).href)
    return { name, reader, asked }
  } finally {
    await rm(folder, { recursive: true })
  }
}
