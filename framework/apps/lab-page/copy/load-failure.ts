import { basename } from 'node:path'
import type { CopyProblem } from './copy-report.ts'

/** The loader's complaint about a folder, at its line, for somebody who sees the two files and no path. */
export function loadFailure(message: string, folder: string): CopyProblem {
  const text = message
    .replaceAll(`${folder}/`, '')
    .replaceAll(folder, basename(folder))
    .replace(/; fix it, or start again.*$/, '')
  const [, file = 'mcp-auth.ts', line, what = text] =
    /^([\w-]+\.ts)(?::(\d+))? (?:cannot be loaded: (?=line)|cannot be loaded: )?(.+)$/.exec(text) ?? []
  const [, syntaxLine, syntax] = /^line (\d+): (.+)$/.exec(what) ?? []
  const at = syntaxLine ?? line
  return { file, line: at === undefined ? null : Number(at), message: syntax ?? what }
}
