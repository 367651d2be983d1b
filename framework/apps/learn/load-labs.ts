import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectFolder } from '../../process/folders.ts'
import { UserError } from '../../process/user-error.ts'
import { patternNames, patternsFolder } from '../../runner/load-pattern.ts'
import { attackFile } from './judge-attack.ts'
import type { ExplainLab, Lab } from './lab.ts'

/** The labs: one folder each, and whatever stands there is a lab. */
const labsFolder = join(projectFolder, 'labs')

/** A lab with its texts and files. */
export interface LoadedLab<Kind extends Lab = Lab> {
  /** The name of its folder. */
  readonly id: string
  readonly folder: string
  readonly lab: Kind
  /** The text that the learner reads first. */
  readonly task: string
  /** Three, each of which gives more away; none for questions. */
  readonly hints: readonly string[]
}

/** A lab with files that the learner changes. */
export type WorkLab = LoadedLab<Exclude<Lab, ExplainLab>>

const order = { attack: 0, fix: 1, explain: 2 } as const

/**
 * Reads all labs, in the order in which they are meant to be worked through.
 * @throws {UserError} for a folder that is not whole, with what it lacks
 */
export async function loadLabs(folder = labsFolder): Promise<LoadedLab[]> {
  const entries = existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : []
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const labs = await Promise.all(names.sort().map((name) => loadLab(join(folder, name), name)))
  return labs.sort(
    (a, b) =>
      a.lab.rung.localeCompare(b.lab.rung) ||
      order[a.lab.kind] - order[b.lab.kind] ||
      a.id.localeCompare(b.id),
  )
}

async function loadLab(folder: string, id: string): Promise<LoadedLab> {
  const lacks = (what: string) => new UserError(`labs/${id} is no lab: it lacks ${what}; see docs/learn.md`)
  if (!existsSync(join(folder, 'lab.ts'))) throw lacks('lab.ts')
  const { lab } = (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'lab.ts')).href)) as {
    lab?: Lab
  }
  if (!lab || !(lab.kind in order)) throw lacks('an export `lab` of the kind attack, fix or explain')
  const task = await textOf(folder, 'task.md')
  if (!task) throw lacks('task.md')
  if (lab.kind === 'explain') return { id, folder, lab, task, hints: [] }
  const hints = (await textOf(folder, 'hints.md'))
    .split(/^---$/m)
    .map((hint) => hint.trim())
    .filter(Boolean)
  if (hints.length !== 3) throw lacks('three hints in hints.md, with a line --- between')
  if (lab.kind === 'attack') {
    for (const place of ['start', 'solution']) {
      if (!existsSync(join(folder, place, attackFile))) throw lacks(`${place}/${attackFile}`)
    }
  }
  return { id, folder, lab, task, hints }
}

async function textOf(folder: string, file: string): Promise<string> {
  return (await readFile(join(folder, file), 'utf8').catch(() => '')).trim()
}

/** The folder name of a rung's pattern. */
export async function patternOf(rung: string): Promise<string> {
  const name = (await patternNames()).find((each) => each.startsWith(`${rung}-`))
  if (!name) throw new UserError(`there is no rung ${rung}: see pnpm run list`)
  return name
}

/** The folder that holds the solution: an attack's own, or the pattern that a fix is measured by. */
export async function solutionOf({ folder, lab }: WorkLab): Promise<string> {
  return lab.kind === 'attack' ? join(folder, 'solution') : join(patternsFolder, await patternOf(lab.measure))
}
