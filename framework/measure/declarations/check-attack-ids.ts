import { attacks } from '../../attacks/index.ts'
import { UserError } from '../../process/user-error.ts'
import type { Declaration } from './declaration.ts'

/** @throws {UserError} if a declaration names an attack that does not exist, or gives one two outcomes */
export function checkAttackIds(
  name: string,
  { attacks: declared, otherReasonOnKeycloak }: Pick<Declaration, 'attacks' | 'otherReasonOnKeycloak'>,
): void {
  const file = `framework/measure/declarations/${name}.ts`
  const known = new Set(attacks.map(({ id }) => id))
  const outcomes = [...declared.succeed, ...declared.notApplicable]
  const unknown = [...outcomes, ...otherReasonOnKeycloak].find((id) => !known.has(id))
  if (unknown)
    throw new UserError(`${file}: unknown attack "${unknown}"; framework/attacks/index.ts lists them`)
  const twice = outcomes.find((id, at) => outcomes.indexOf(id) !== at)
  if (twice) throw new UserError(`${file}: "${twice}" is declared twice; an attack has one outcome`)
}
