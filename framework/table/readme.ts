import { UserError } from '../user-error.ts'
import { type Blocks, blockNames } from './markdown.ts'

/**
 * The README with its generated parts as they were just measured.
 * @throws {UserError} where it has no place for one of them
 */
export function fillIn(readme: string, blocks: Blocks): string {
  return blockNames.reduce((text, name) => {
    const { start, end } = placeOf(text, name)
    return `${text.slice(0, start)}\n${blocks[name]}\n${text.slice(end)}`
  }, readme)
}

/**
 * Which generated parts of the README say something else than what was just measured, each with its first line that differs.
 * @throws {UserError} where it has no place for one of them
 */
export function differences(readme: string, blocks: Blocks): string[] {
  return blockNames.flatMap((name) => {
    const { start, end } = placeOf(readme, name)
    const [written, measured] = [readme.slice(start, end).trim(), blocks[name].trim()].map((text) =>
      text.split('\n'),
    )
    const at = measured?.findIndex((line, index) => line !== written?.[index]) ?? -1
    if (at < 0 && written?.length === measured?.length) return []
    const shown = at < 0 ? (measured?.length ?? 0) : at
    return [
      `${name}: the README says "${written?.[shown] ?? ''}", and measured is "${measured?.[shown] ?? ''}"; pnpm run compare --write writes it anew`,
    ]
  })
}

/** From behind the opening marker up to the closing one. */
function placeOf(readme: string, name: string): { start: number; end: number } {
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const start = readme.indexOf(opening)
  const end = readme.indexOf(closing)
  if (start < 0 || end < start) {
    throw new UserError(`the README has no place for ${name}: put ${opening} and ${closing} where it belongs`)
  }
  return { start: start + opening.length, end }
}
