import { basename, isAbsolute, join, relative } from 'node:path'
import { projectFolder } from '../../../process/folders.ts'
import { shellWord } from '../../../process/shell-word.ts'
import { shortPath } from '../../../process/short-path.ts'
import type { PatternDescription } from '../../../runner/describe-pattern.ts'
import { patternTsconfig } from '../../../runner/type-check/pattern-tsconfig.ts'

/** The files of a new folder: a pattern's code under headers of its own, and the settings for an editor. */
export function ownFiles(folder: string, origin: PatternDescription): Readonly<Record<string, string>> {
  const { source, mcpAuth, serviceAuth } = origin
  return {
    'mcp-auth.ts':
      header(folder, origin, mcpAuth.summary, 'with which headers a tool call leaves for a service') +
      withoutHeader(source['mcp-auth.ts']),
    'service-auth.ts':
      header(folder, origin, serviceAuth.summary, 'whom the service takes the caller for, and who decides') +
      withoutHeader(source['service-auth.ts']),
    'tsconfig.json': `${JSON.stringify(tsconfig(folder), null, 2)}\n`,
  }
}

function header(folder: string, { name }: PatternDescription, summary: string, decides: string): string {
  const base = /^p\d\d/.exec(name)?.[0] ?? 'none'
  const lines = [
    `${basename(folder).replaceAll(/\*\/|:/g, ' ')}: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`,
    `Start here: this file decides ${decides}. Save it, and see what changed:`,
    `  pnpm run pattern ${shellWord(shortPath(folder)).replaceAll('*/', '* /')} --watch`,
    `Baseline: ${base}.`,
  ]
  return `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`
}

function withoutHeader(source: string): string {
  return source.replace(/^\/\*\*[\s\S]*?\*\/\n/, '')
}

/** Inside the checkout by relative paths, so that both can be moved together. */
function tsconfig(folder: string) {
  const inside =
    !relative(projectFolder, folder).startsWith('..') && !isAbsolute(relative(projectFolder, folder))
  const place = (path: string) =>
    inside ? relative(folder, join(projectFolder, path)) : join(projectFolder, path)
  return { ...patternTsconfig(place), include: ['*.ts'] }
}
