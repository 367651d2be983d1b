import { join } from 'node:path'
import { visible } from '@lab/contract'
import { pc } from '../../../process/colours.ts'
import { shortPath } from '../../../process/short-path.ts'
import { isOwnFolder } from '../../../runner/load-pattern.ts'
import type { PatternRunner } from '../../../runner/pattern-runner.ts'
import { typeProblems } from '../../../runner/type-check/type-problems.ts'

/** A fault in the code of somebody's own pattern: found by TypeScript, or thrown while it ran. */
export interface Problem {
  /** Path of the file, from the working directory where it is in there. */
  readonly file: string
  readonly line?: number
  readonly message: string
  /** The number of times that it was thrown; without it TypeScript found it. */
  readonly count?: number
}

/** The complaints of TypeScript about your own folder: the ladder is type-checked as a part of the project. */
export async function typeProblemsOf(folder: string, signal?: AbortSignal): Promise<Problem[]> {
  if (!isOwnFolder(folder)) return []
  const found = await typeProblems(folder, { ...(signal && { signal }) })
  return found.map(({ file, line, message }) => ({ file: shortPath(join(folder, file)), line, message }))
}

/** The errors of a pattern's own code so far, with no secret that it put into them. */
export function thrownBy({ pattern, stack }: Pick<PatternRunner, 'pattern' | 'stack'>): Problem[] {
  return pattern.errors.all.map(({ file, line, text, count }) => ({
    file: shortPath(file),
    ...(line !== undefined && { line }),
    message: stack.recorder.redactor.redact(text),
    count,
  }))
}

/** The complaints of TypeScript, and what was thrown: at a line that TypeScript complains of, that says it. */
export function allProblems(types: readonly Problem[], thrown: readonly Problem[]): Problem[] {
  const isNew = ({ file, line }: Problem) => !types.some((each) => each.file === file && each.line === line)
  return [...types, ...thrown.filter(isNew)]
}

/** One line for each: place, what is wrong, and how often it happened. */
export function problemLines(problems: readonly Problem[]): string[] {
  return problems.map(({ file, line, message, count = 1 }) => {
    const place = `${visible(file)}${line === undefined ? '' : `:${line}`}:`
    return `${pc.red(place)} ${visible(message)}${count > 1 ? ` (${count} times)` : ''}`
  })
}
