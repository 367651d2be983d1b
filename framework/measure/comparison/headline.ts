import { signatureAttacks } from '../../attacks/index.ts'
import { type Cell, isOpen, isRight } from '../../runner/cells.ts'
import type { Declaration } from '../declarations/declaration.ts'
import { declaredOutcome } from '../declarations/declared-outcome.ts'

/** So many of so many. What does not apply, or was not asked, is in neither number. */
export interface Share {
  readonly hits: number
  readonly of: number
}

/** The honest runs that came out as the ground truth says. */
export function honestShare(cells: readonly Cell[]): Share {
  const judged = cells.filter((cell) => !isOpen(cell))
  return { hits: judged.filter(isRight).length, of: judged.length }
}

/** The attacks that succeed, of those that apply and could be carried out. */
export function successShare(results: readonly { readonly outcome: string }[]): Share {
  const applied = results.filter(({ outcome }) => outcome === 'succeeds' || outcome === 'blocked')
  return { hits: applied.filter(({ outcome }) => outcome === 'succeeds').length, of: applied.length }
}

/** The signature attacks among the results. */
export function signatureShare(results: readonly { readonly id: string; readonly outcome: string }[]): Share {
  return successShare(results.filter(({ id }) => signatureAttacks.some((attack) => attack.id === id)))
}

/** The signature attacks that are declared to succeed. */
export function declaredShare(declaration: Pick<Declaration, 'attacks'>): Share {
  return successShare(signatureAttacks.map(({ id }) => ({ outcome: declaredOutcome(declaration, id) })))
}

/** `18 of 21 honest runs as they should be` */
export function honestWords({ hits, of }: Share): string {
  return `${hits} of ${of} honest ${of === 1 ? 'run' : 'runs'} as ${of === 1 ? 'it' : 'they'} should be`
}

/** `4 of 10 signature attacks succeed` */
export function attackWords({ hits, of }: Share, kind = 'signature '): string {
  return `${hits} of ${of} ${kind}attacks ${hits === 1 ? 'succeeds' : 'succeed'}`
}

/** The blind spot of each of the two figures. */
export const blindSpots =
  'The honest runs cannot see what a stolen or forged credential opens; the attacks cannot see whom a rule refuses wrongly.'
