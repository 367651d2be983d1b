import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Attacker } from '../../attacks/attacker/attacker.ts'
import { allowed, changesOf, type Effect } from '../../attacks/attacker/effect.ts'
import { statusOf } from '../../attacks/attacker/judge.ts'
import { UserError } from '../../process/user-error.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import type { Finding } from './finding.ts'
import { kitFor } from './kit.ts'
import type { AttackLab, KitParts } from './lab.ts'
import { inOwnFile } from './own-error.ts'

/** The one file that an attack lab asks for. */
export const attackFile = 'attack.ts'

let tries = 0

/**
 * Plays the scene, lets the learner's attack loose, and judges it by what changed, what was served and who did it.
 * @param folder the learner's
 */
export async function judgeAttack(lab: AttackLab, folder: string, runner: PatternRunner): Promise<Finding> {
  const attack = await loadAttack(folder)
  const attacker = new Attacker(runner)
  await attacker.reset()
  const kit = await kitFor(lab, attacker, runner)
  if (lab.hoursLater) attacker.advanceServices(lab.hoursLater * 60 * 60 * 1000)
  let thrown: unknown
  const effect = await attacker.effectOf(async () => {
    try {
      await attack(kit)
    } catch (error) {
      thrown = error
    }
    if (lab.afterwards) await attacker.capture(lab.afterwards.user, lab.afterwards.prompt)
  })
  // What the attack left in the process makes this fail, and the process is replaced.
  await attacker.reset().catch(() => {})
  if (lab.reached(effect)) {
    return {
      solved: true,
      line: `${lab.goal}.`,
      next: 'type next; solution shows our way beside yours',
      evidence: evidenceOf(effect),
    }
  }
  if (thrown) {
    return {
      solved: false,
      line: inOwnFile(thrown, folder),
      next: 'correct that line and save',
      failed: lab.title,
    }
  }
  return { solved: false, line: whatCame(effect), next: `the goal is: ${lab.goal}`, failed: lab.title }
}

async function loadAttack(folder: string): Promise<(kit: Partial<KitParts>) => Promise<unknown>> {
  const path = join(folder, attackFile)
  if (!existsSync(path)) throw new UserError(`${attackFile} is gone: put it back, or type reset`)
  try {
    const { attack } = await import(/* @vite-ignore */ `${pathToFileURL(path).href}?try=${++tries}`)
    if (typeof attack !== 'function') throw new UserError(`${attackFile} must export a function attack(kit)`)
    return attack
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(inOwnFile(error, folder))
  }
}

/** The effect of an unsuccessful attack, in one sentence. */
function whatCame(effect: Effect): string {
  const { sent, records } = effect
  const own = sent.filter(({ from }) => from === 'attacker')
  const last = own.at(-1)
  const refusal = records.findLast(({ decision }) => decision !== 'allow')
  const changes = changesOf(effect)
  const served = allowed(records).at(-1)
  if (changes.length > 0) return `something changed, and not that: ${changes.join('; ')}${by(served?.user)}.`
  if (refusal) {
    const status = last ? ` with ${statusOf(last)}` : ''
    return `${refusal.service} refused it${status}: ${refusal.reason}.`
  }
  if (served) return `${served.service} served it${by(served.user)}, and that is not the goal yet.`
  if (last)
    return `${last.to} answered ${statusOf(last)} to ${last.method} ${basename(new URL(last.url).pathname)}${reasonIn(last.response.body)}.`
  return 'nothing was sent yet.'
}

/** The reason in a service's answer to a request that it does not understand. */
function reasonIn(body: string): string {
  try {
    const { reason } = JSON.parse(body) as { readonly reason?: unknown }
    return typeof reason === 'string' ? `: ${reason}` : ''
  } catch {
    return ''
  }
}

function by(user: string | undefined): string {
  return user ? ` (as ${user})` : ' (as nobody)'
}

function evidenceOf(effect: Effect): string[] {
  const served = allowed(effect.records).map(
    ({ service, tool, user, client, resources }) =>
      `recorded  ${service}: ${tool ?? 'request'} by ${user ?? client ?? 'nobody'}, ${resources.join(' ')}`,
  )
  return [...new Set(served), ...changesOf(effect).map((change) => `changed   ${change}`)]
}
