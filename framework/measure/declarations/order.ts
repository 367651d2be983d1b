import { UserError } from '../../process/user-error.ts'
import type { Declaration } from './declaration.ts'
import { declaredNames, readDeclaration } from './load-declarations.ts'

/** A pattern that stands on another one beside the ladder, by folder names. */
interface Branch {
  readonly name: string
  readonly base: string
}

/** The patterns in the order of every list and table: the ladder first, then the branches by their bases. */
export interface PatternOrder {
  readonly ladder: readonly string[]
  readonly branches: readonly Branch[]
  /** All of them. */
  readonly names: readonly string[]
}

/** The order of this project's patterns, as their declarations say. */
export async function patternOrder(): Promise<PatternOrder> {
  const declared = await Promise.all(
    (await declaredNames()).map(async (name) => ({ name, base: (await readDeclaration(name)).base })),
  )
  return inOrder(declared)
}

/**
 * Puts the ladder first and each branch below its base: those of p02 before those of p08, and a branch of a branch
 * directly after that one.
 * @throws {UserError} if a base is no pattern, or a branch stands on itself
 */
export function inOrder(
  declared: readonly { readonly name: string; readonly base?: Declaration['base'] }[],
): PatternOrder {
  const sorted = declared.toSorted((one, other) => one.name.localeCompare(other.name))
  const branchesOf = (base: string): Branch[] =>
    sorted
      .filter((each) => each.base === numberOf(base))
      .flatMap(({ name }) => [{ name, base }, ...branchesOf(name)])
  const ladder = sorted.filter(({ base }) => base === undefined).map(({ name }) => name)
  const branches = ladder.flatMap(branchesOf)
  const lost = sorted.find(({ name, base }) => base && !branches.some((branch) => branch.name === name))
  if (lost) {
    throw new UserError(
      `framework/measure/declarations/${lost.name}.ts: base ${lost.base} leads to no rung of the ladder; name another`,
    )
  }
  return { ladder, branches, names: [...ladder, ...branches.map(({ name }) => name)] }
}

/** `p02-shared-api-key`: `p02`. */
function numberOf(name: string): string {
  return name.slice(0, 'p00'.length)
}
