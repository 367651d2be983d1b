/** A source file with one check taken out. */
export interface Mutant {
  /** Path in the repo. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** `typ: 'at+jwt', → ∅`: what stood there, and what stands there now. */
  readonly change: string
  /** The whole file, changed. */
  readonly source: string
}

/** The first that noticed a mutant. */
export interface Notice {
  /** The attack, or the test by its full name. */
  readonly by: string
  /** The check of a pattern or the test file: to be asked first when this mutant is judged the next time. */
  readonly where: string
}

/** Replaces what stands between two offsets. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly replacement: string
  /** The replacement in words, where its text does not show its effect. */
  readonly meaning?: string
}

/** Names a mutant without its line number, so that the list of known ones outlives a move. */
export function nameOf({ file, change }: Pick<Mutant, 'file' | 'change'>): string {
  return `${file}: ${change}`
}

export function mutantOf(file: string, source: string, { start, end, replacement, meaning }: Edit): Mutant {
  return {
    file,
    line: source.slice(0, start).split('\n').length,
    change: `${brief(source.slice(start, end))} → ${brief(meaning ?? replacement) || '∅'}`,
    source: source.slice(0, start) + replacement + source.slice(end),
  }
}

/** Tells mutants with the same text apart: `x → true`, `x → true (2)`. */
export function numbered(mutants: readonly Mutant[]): Mutant[] {
  const seen = new Map<string, number>()
  return mutants.map((mutant) => {
    const times = (seen.get(mutant.change) ?? 0) + 1
    seen.set(mutant.change, times)
    return times === 1 ? mutant : { ...mutant, change: `${mutant.change} (${times})` }
  })
}

/** One line of at most 100 characters, which keeps both ends. */
function brief(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 100 ? `${line.slice(0, 60)} … ${line.slice(-37)}` : line
}
