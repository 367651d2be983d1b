import { Attacker } from '../../attacks/attacker/attacker.ts'
import { attacks, signatureAttacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import { type Cell, runCells } from '../../runner/cells.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { promptNumbers } from '../../scenario/prompts.ts'
import { usernames } from '../../scenario/realm/lookup.ts'
import { type JudgedResult, withDeclared } from '../declarations/declared-outcome.ts'
import { declarationFor } from '../declarations/load-declarations.ts'
import { auditTrail } from './columns/audit-trail.ts'
import { authzLives } from './columns/authz-lives.ts'
import { cryptoProof } from './columns/crypto-proof.ts'
import { fourQuestions } from './columns/four-questions.ts'
import { leastPrivilege } from './columns/least-privilege.ts'
import { realUser } from './columns/real-user.ts'
import { whoSaysYes } from './columns/who-says-yes.ts'
import { canConfirmUser } from './confirm-user.ts'
import { idpDecides } from './idp-decides.ts'
import { honestRecords, type Observations } from './observations.ts'
import type { TableRow } from './row.ts'

/** The results of the honest runs and the attacks on one pattern. */
export interface Measurement {
  readonly pattern: string
  /** The declared title; a pattern outside of the ladder goes by its folder. */
  readonly title: string
  /** The pattern that a branch stands on, by its number. */
  readonly base?: string
  readonly cells: readonly Cell[]
  readonly attacks: readonly JudgedResult[]
  /** The row of the comparison table, or why there is none. */
  readonly row: TableRow | { readonly unmeasured: string }
}

/**
 * Measures a started pattern: the 21 cells, every attack, and the row of the table that follows from them.
 * @param onProgress is told how much is done
 */
export async function measurePattern(
  runner: PatternRunner,
  onProgress: (text: string) => void = () => {},
): Promise<Measurement> {
  const { name } = runner.pattern
  const declaration = await declarationFor(runner)
  const users = usernames(runner.realm)
  const total = users.length * promptNumbers.length + attacks.length
  let done = 0
  const advance = (what: string) => onProgress(`${name}: ${++done} of ${total}, ${what}`)

  const cells = await runCells(runner, users, promptNumbers, ({ user, prompt }) =>
    advance(`${user} ${prompt}`),
  )
  const signature = await runAttacks(runner, signatureAttacks, ({ id }) => advance(id))
  const ladderRecords = [...runner.audit]
  const others = attacks.filter((attack) => !signatureAttacks.includes(attack))
  const results = [...signature, ...(await runAttacks(runner, others, ({ id }) => advance(id)))]

  const row = await attempt(async () => {
    const observations: Observations = {
      cells,
      honest: honestRecords(cells, ladderRecords),
      ladderRecords,
      attacks: results,
      userConfirmed: await canConfirmUser(new Attacker(runner)),
      idpDecides: await idpDecides(runner, signatureAttacks, results),
    }
    return rowOf(name, observations)
  })
  return {
    pattern: name,
    title: declaration?.title ?? name,
    ...(declaration?.base && { base: declaration.base }),
    cells,
    attacks: withDeclared(results, declaration),
    row,
  }
}

function rowOf(pattern: string, observations: Observations): TableRow {
  return {
    pattern,
    authzLives: authzLives(observations),
    realUser: realUser(observations),
    cryptoProof: cryptoProof(observations),
    leastPrivilege: leastPrivilege(observations),
    audit: auditTrail(observations),
    saysYes: whoSaysYes(observations),
    questions: fourQuestions(observations),
  }
}

/** An attack that could not be carried out leaves a hole in the table, and no guess. */
async function attempt(row: () => Promise<TableRow>): Promise<Measurement['row']> {
  try {
    return await row()
  } catch (error) {
    return { unmeasured: error instanceof Error ? error.message : String(error) }
  }
}
