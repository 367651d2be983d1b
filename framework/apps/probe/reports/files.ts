import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../../process/user-error.ts'
import { toHtml } from './html.ts'
import { toJson } from './json.ts'
import { toJunit } from './junit.ts'
import type { Report } from './report.ts'
import { toSarif } from './sarif.ts'

const forms = {
  json: ['probe.json', (report: Report) => `${JSON.stringify(toJson(report), null, 2)}\n`],
  sarif: ['probe.sarif', (report: Report) => `${JSON.stringify(toSarif(report), null, 2)}\n`],
  junit: ['probe.junit.xml', toJunit],
  html: ['probe.html', toHtml],
} as const
type Form = keyof typeof forms

/** @throws {UserError} */
export function formsOf(value: string | undefined): Form[] {
  return (value?.split(',') ?? []).map((name) => {
    const form = (Object.keys(forms) as Form[]).find((each) => each === name.trim())
    if (!form) throw new UserError(`unknown report "${name}": use ${Object.keys(forms).join(', ')}`)
    return form
  })
}

/** Writes a report in each form. @returns the files */
export async function filesOf(report: Report, chosen: readonly Form[], folder: string): Promise<string[]> {
  if (chosen.length > 0) await mkdir(folder, { recursive: true })
  return Promise.all(
    chosen.map(async (form) => {
      const [name, render] = forms[form]
      const file = join(folder, name)
      await writeFile(file, await render(report))
      return file
    }),
  )
}
