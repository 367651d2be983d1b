import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { marked } from 'marked'
import type { Browser } from 'playwright-core'
import { projectFolder } from '../../process/folders.ts'

/** A PDF, and the number of its pages. */
export interface Printed {
  readonly pdf: Uint8Array
  readonly pages: number
}

const style = `
@page { size: A4; margin: 11mm 13mm; }
body { font: 9.4pt/1.34 system-ui, 'DejaVu Sans', sans-serif; margin: 0; color: #1a1a1a; }
h1 { font-size: 15pt; margin: 0 0 4pt; }
p { margin: 5pt 0; }
table { border-collapse: collapse; width: 100%; margin: 5pt 0; }
th, td { border-bottom: 0.5pt solid #bbb; padding: 2pt 5pt 2pt 0; text-align: left; vertical-align: top; }
th { border-bottom: 1pt solid #333; }
th:empty { display: none; }
code { font: 8.6pt 'DejaVu Sans Mono', monospace; background: #f0f2f5; padding: 0 2pt; }
`

/** The handout of the workshop, in Markdown. */
export async function handout(): Promise<string> {
  return readFile(join(projectFolder, 'docs/handout.md'), 'utf8')
}

/** Prints Markdown on A4. */
export async function print(markdown: string, browser: Browser): Promise<Printed> {
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true })
  try {
    const page = await context.newPage()
    await page.setContent(
      `<!doctype html><meta charset="utf-8"><style>${style}</style>${await marked.parse(markdown)}`,
    )
    const pdf = await page.pdf({ preferCSSPageSize: true })
    return { pdf, pages: pagesOf(pdf) }
  } finally {
    await context.close()
  }
}

/** The number of pages of a PDF that Chromium made, whose page objects stand uncompressed. */
function pagesOf(pdf: Uint8Array): number {
  return [
    ...Buffer.from(pdf)
      .toString('latin1')
      .matchAll(/\/Type\s*\/Page\b/g),
  ].length
}
