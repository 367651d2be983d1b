import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Command } from 'commander'
import { chromiumNames, chromiumOnThisMachine } from '../../process/chromium.ts'
import { say } from '../../process/terminal.ts'
import { Finding, UserError } from '../../process/user-error.ts'

export function handoutCommand(): Command {
  return new Command('handout')
    .description('print the handout of the workshop, docs/handout.md, as a PDF of one A4 page')
    .option('--out <file>', 'the file to write', 'reports/handout.pdf')
    .action(async ({ out }: { readonly out: string }) => {
      const executablePath = chromiumOnThisMachine()
      if (!executablePath) {
        throw new UserError(
          `the PDF needs Chromium, and the path has no ${chromiumNames.join(', ')}: install it, or set CHROMIUM_PATH`,
        )
      }
      const { chromium } = await import('playwright-core')
      const { handout, print } = await import('../handout/handout.ts')
      const browser = await chromium.launch({ executablePath })
      try {
        const { pdf, pages } = await print(await handout(), browser)
        await mkdir(dirname(resolve(out)), { recursive: true })
        await writeFile(out, pdf)
        if (pages !== 1) throw new Finding(`docs/handout.md fills ${pages} pages: shorten it to one`)
        say(`${out}: one page`)
      } finally {
        await browser.close()
      }
    })
}
