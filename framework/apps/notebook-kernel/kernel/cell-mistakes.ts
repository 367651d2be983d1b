import type { ConvertResult, Diagnostic } from 'tslab/dist/converter.js'

/** TypeScript's errors in the form of a text have these numbers; one mistake makes a row of them. */
const isSyntax = ({ code }: Diagnostic) => code >= 1000 && code < 2000

/** The names that a cell declares at its left margin. */
const declaration = /^(?:export )?(?:const|let|var|function|async function|class|enum) (\w+)/gm

/**
 * The mistakes that the author of a cell is told: of those in the form the first alone, because the others follow from
 * it. Names that a cell with a mistake would have set are not used by later cells, which would work with old values.
 */
export class CellMistakes {
  readonly #notSet = new Set<string>()

  /** @param convert compiles the cell */
  checked(source: string, convert: () => ConvertResult): ConvertResult {
    const declared = [...source.matchAll(declaration)].map(([, name]) => name as string)
    const stale = [...this.#notSet].find((name) => !declared.includes(name) && mentions(source, name))
    if (stale) return { diagnostics: [staleName(source, stale)] }
    const result = convert()
    for (const name of declared) {
      if (result.diagnostics.length > 0) this.#notSet.add(name)
      else this.#notSet.delete(name)
    }
    const first = result.diagnostics.find(isSyntax)
    return first
      ? { ...result, diagnostics: [{ ...first, messageText: withHint(first.messageText) }] }
      : result
  }
}

function mentions(source: string, name: string): boolean {
  return mention(name).test(source)
}

/** Not as a property or a text. */
function mention(name: string): RegExp {
  return new RegExp(`(?<![\\w$.'"])${name}(?![\\w$'":])`)
}

function withHint(message: string): string {
  return `${message} Look at the quotes of this line: a text with ' in it stands between " and ".`
}

function staleName(source: string, name: string): Diagnostic {
  const offset = source.search(mention(name))
  const before = source.slice(0, offset).split('\n')
  const start = { offset, line: before.length - 1, character: before.at(-1)?.length ?? 0 }
  return {
    start,
    end: { ...start, offset: offset + name.length, character: start.character + name.length },
    messageText: `The cell that sets ${name} has a mistake: correct it and run it first. Nothing was checked.`,
    category: 1,
    code: 0,
  }
}
