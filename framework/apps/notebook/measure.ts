import { attacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import { UserError } from '../../process/user-error.ts'
import { type Cell, runCells } from '../../runner/cells.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { promptNumbers } from '../../scenario/prompts.ts'
import { usernames } from '../../scenario/realm/lookup.ts'
import { attackOf, stackOptions } from './lesson.ts'

/** A measured value with its reason. `error`: the measurement failed, which says nothing about the pattern. */
export interface Measurement {
  readonly value: string
  readonly why: string
}

/**
 * Runs a pattern and measures each name: an attack by its id, a cell by user and prompt (`dave 6`), and `allowed`, the
 * number of allowed cells.
 * @throws {UserError} for any other name, before anything runs
 */
export async function measure(folder: string, names: readonly string[]): Promise<Map<string, Measurement>> {
  for (const name of names) checkName(name)
  const runner = new PatternRunner(folder, await stackOptions())
  try {
    await runner.start()
    const cells = await cellsFor(runner, names)
    const measured = new Map<string, Measurement>()
    for (const name of names) {
      if (name === 'allowed') measured.set(name, allowedOf(cells))
      else measured.set(name, isCell(name) ? cellOf(cells, name) : await attackResult(runner, name))
    }
    return measured
  } finally {
    await runner.stop()
  }
}

/** Tells whether a name is that of a cell: a user and the number of a prompt. */
export function isCell(name: string): boolean {
  const [, number] = /^\S+ (\d+)$/.exec(name) ?? []
  return promptNumbers.some((each) => String(each) === number)
}

/** @throws {UserError} for a name that {@link measure} does not know */
export function checkName(name: string): void {
  if (name === 'allowed' || isCell(name) || attacks.some(({ id }) => id === name)) return
  throw new UserError(
    `"${name}" cannot be measured: give the id of an attack, a user and a prompt such as "dave 6", or allowed`,
  )
}

/** All cells where their number is asked for, else only those that are named. */
async function cellsFor(runner: PatternRunner, names: readonly string[]): Promise<Cell[]> {
  const named = names.filter(isCell).map((name) => name.split(' ') as [string, string])
  if (!names.includes('allowed')) {
    const cells: Cell[] = []
    for (const [user, number] of named) cells.push(...(await runCells(runner, [user], [Number(number)])))
    return cells
  }
  const users = new Set([...usernames(runner.realm), ...named.map(([user]) => user)])
  return runCells(runner, [...users], promptNumbers)
}

async function attackResult(runner: PatternRunner, id: string): Promise<Measurement> {
  const [result] = await runAttacks(runner, [attackOf(id)])
  return { value: result?.outcome ?? 'error', why: result?.reason ?? '' }
}

function cellOf(cells: readonly Cell[], name: string): Measurement {
  const cell = cells.find(({ user, prompt }) => `${user} ${prompt}` === name)
  return { value: cell?.outcome ?? 'error', why: cell?.reason ?? '' }
}

/** The reason of the denials, if all have the same one. */
function allowedOf(cells: readonly Cell[]): Measurement {
  const failed = cells.find(({ outcome }) => outcome === 'error')
  if (failed) return { value: 'error', why: `${failed.user} ${failed.prompt}: ${failed.reason}` }
  const denied = cells.filter(({ outcome }) => outcome !== 'allowed')
  const reasons = new Set(denied.map(({ reason }) => reason))
  const [why = ''] = reasons
  return { value: String(cells.length - denied.length), why: reasons.size === 1 ? why : '' }
}
