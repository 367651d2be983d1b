/** One complaint of TypeScript, as its output has it. */
export interface Complaint {
  readonly path: string
  readonly line: number
  readonly column: number
  /** The one sentence that it comes down to. */
  readonly message: string
  /** The property whose type is wrong, where that is what it comes down to. */
  readonly property?: string
}

const wrongProperty = /^(?:Types of p|P)roperty '([\w$]+)' (?:are incompatible|is incompatible with index)/

/**
 * Reads what `tsc --pretty false` printed. A complaint may go on in indented lines: the last of them says what it comes
 * down to, and the one before it may name the property.
 */
export function complaintsIn(output: string): Complaint[] {
  const entry = /^(.+?)\((\d+),(\d+)\): error TS\d+: (.+)((?:\n +.+)*)/gm
  return [...output.matchAll(entry)].map(([, path = '', line, column, message = '', below = '']) => {
    const steps = below.split('\n').map((step) => step.trim())
    const last = steps.at(-1) || message
    const property = wrongProperty.exec(steps.at(-2) ?? '')?.[1]
    return {
      path,
      line: Number(line),
      column: Number(column),
      message: last,
      ...(property && { property }),
    }
  })
}
