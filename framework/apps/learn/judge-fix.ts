import { basename } from 'node:path'
import { visible } from '@lab/contract'
import type { Attack } from '../../attacks/attacker/attack.ts'
import { attacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import type { Declaration } from '../../measure/declarations/declaration.ts'
import { declaredOutcome } from '../../measure/declarations/declared-outcome.ts'
import { loadDeclaration } from '../../measure/declarations/load-declarations.ts'
import { lab as howTo } from '../../process/how-to-run.ts'
import { runCells } from '../../runner/cells.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { promptNumbers, prompts } from '../../scenario/prompts.ts'
import { usernames } from '../../scenario/realm/lookup.ts'
import { type Finding, type Listener, Superseded } from './finding.ts'
import type { FixLab } from './lab.ts'

/** One thing that has to hold. */
interface Check {
  /** An attack's id, or a cell (`bob 2`). */
  readonly id: string
  /** @returns why it does not hold; undefined where it does */
  run(): Promise<Failure | undefined>
}

interface Failure {
  readonly line: string
  readonly next: string
  /** Nothing could be measured: what refuses everybody withstands nothing. */
  readonly unable?: true
}

/**
 * Judges the pattern that runs: the lab's attack is blocked, every honest prompt ends as on the measure, and no other
 * attack does better than there. Stops at the first check that does not hold.
 * @param options.first the check to begin with: the one that failed last
 * @param options.only the number of checks, where not all of them are wanted
 */
export async function judgeFix(
  lab: FixLab,
  measure: string,
  runner: PatternRunner,
  { first, only, ...listener }: Listener & { readonly first?: string; readonly only?: number } = {},
): Promise<Finding> {
  const all = checksOf(lab, await loadDeclaration(measure), runner).slice(0, only)
  const ahead = all.filter(({ id }) => id === first)
  const checks = [...ahead, ...all.filter((check) => !ahead.includes(check))]
  const held = new Set<string>()
  let unable: Failure | undefined
  for (const [at, check] of checks.entries()) {
    if (listener.isCurrent?.() === false) throw new Superseded()
    const failure = await check.run()
    listener.onStep?.(at + 1, checks.length, check.id)
    if (failure?.unable && !unable) {
      // The honest prompts tell better who is refused, and why.
      unable = failure
      continue
    }
    if (failure) {
      const line = heldSoFar(lab, held) + failure.line
      return { solved: false, ...failure, line, failed: check.id, evidence: ownErrors(runner) }
    }
    held.add(check.id)
    if (held.size === 1)
      listener.onFirst?.(`${nameOf(check.id)} holds. Checking the other ${checks.length - 1}…`)
  }
  if (unable) return { solved: false, ...unable, failed: lab.block, evidence: ownErrors(runner) }
  const cells = [...held].filter(isCell).length
  return {
    solved: true,
    line: `${lab.block} is blocked, all ${cells} honest prompts end as on ${lab.measure}, and no other attack does better.`,
    next: 'type next; solution shows our way beside yours',
  }
}

function checksOf(lab: FixLab, declared: Declaration, runner: PatternRunner): Check[] {
  const target = attacks.find(({ id }) => id === lab.block)
  if (!target) throw new Error(`lab ${lab.title}: there is no attack ${lab.block}`)
  return [
    { id: target.id, run: () => runTarget(target, runner) },
    ...usernames(runner.realm).flatMap((user) =>
      promptNumbers.map((number) => ({
        id: `${user} ${number}`,
        run: () => runHonest(user, number, lab, declared, runner),
      })),
    ),
    ...attacks
      .filter((attack) => attack !== target)
      .map((attack) => ({ id: attack.id, run: () => runOther(attack, lab, declared, runner) })),
  ]
}

async function runTarget(attack: Attack, runner: PatternRunner): Promise<Failure | undefined> {
  const [result] = await runAttacks(runner, [attack])
  const { outcome = 'error', reason = '' } = result ?? {}
  if (outcome === 'blocked') return undefined
  if (outcome === 'succeeds')
    return { line: `${attack.id} still succeeds: ${reason}.`, next: `block ${attack.id}` }
  return {
    line: `${attack.id} could not be tried: ${reason}.`,
    next: 'let the honest user in again: what refuses everybody withstands nothing',
    unable: true,
  }
}

async function runHonest(
  user: string,
  number: number,
  { measure }: FixLab,
  declared: Declaration,
  runner: PatternRunner,
): Promise<Failure | undefined> {
  const [cell] = await runCells(runner, [user], [number])
  const expected = declared.cells[user]?.[number - 1] === '+' ? 'allowed' : 'denied'
  if (!cell || cell.outcome === expected) return undefined
  const prompt = prompts.find((each) => each.number === number)?.text
  const verb = cell.outcome === 'wrong-user' ? 'counts as somebody else' : `ends as ${cell.outcome}`
  return {
    line: `${user}'s "${prompt}" ${verb}, and is ${expected} on ${measure}: ${cell.reason}.`,
    next: expected === 'allowed' ? `let ${user} in again, and the attacker not` : `keep ${user} out`,
  }
}

async function runOther(
  attack: Attack,
  { measure }: FixLab,
  declared: Declaration,
  runner: PatternRunner,
): Promise<Failure | undefined> {
  const [result] = await runAttacks(runner, [attack])
  const { outcome = 'error', reason = '' } = result ?? {}
  const expected = declaredOutcome(declared, attack.id)
  if (outcome === 'succeeds' && expected !== 'succeeds') {
    return {
      line: `${attack.id} now succeeds, and ${measure} does not allow it: ${reason}.`,
      next: `close that too: ${howTo(`attack --explain ${attack.id}`)}`,
    }
  }
  if (outcome === 'error') {
    return { line: `${attack.id} could not be tried: ${reason}.`, next: `bring back what ${measure} serves` }
  }
  return undefined
}

function heldSoFar({ block, measure }: FixLab, held: ReadonlySet<string>): string {
  if (!held.has(block)) return ''
  const cells = [...held].filter(isCell).length
  return cells === 0
    ? `${block} is blocked, but `
    : `${block} is blocked, ${cells} prompts are as on ${measure}, but `
}

/** The errors of the learner's own code, with file and line: to a caller they are an unexpected error, and no more. */
function ownErrors({ pattern, stack }: PatternRunner): string[] {
  return pattern.errors.all.map(({ file, line, text }) => {
    const place = line === undefined ? basename(file) : `${basename(file)}:${line}`
    return visible(`${place}: ${stack.recorder.redactor.redact(text)}`)
  })
}

function isCell(id: string): boolean {
  return / \d+$/.test(id)
}

function nameOf(id: string): string {
  return isCell(id) ? `${id.split(' ')[0]}'s prompt ${id.split(' ')[1]}` : `${id} is blocked:`
}
