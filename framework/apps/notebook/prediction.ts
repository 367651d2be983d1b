import { isCell } from './measure.ts'

/** The words for each outcome, in small letters: those of the tables, their letters, and yes and no. */
const ofAttacks: Readonly<Record<string, readonly string[]>> = {
  succeeds: ['succeeds', 'succeed', 's', 'yes'],
  blocked: ['blocked', 'block', 'b', 'no'],
  'n/a': ['n/a', '–', '-', 'not applicable'],
}
const ofCells: Readonly<Record<string, readonly string[]>> = {
  allowed: ['allowed', 'allow', '✓', 'yes'],
  denied: ['denied', 'deny', '–', '-', 'no'],
  'wrong-user': ['wrong-user', 'wrong user'],
  'no-call': ['no-call', 'no call'],
}

/**
 * Reads what a person predicts.
 * @param name an attack, a cell or `allowed`
 * @returns the outcome as it is measured; undefined for a word that means none
 */
export function readPrediction(name: string, predicted: string | number): string | undefined {
  const word = String(predicted).trim().toLowerCase()
  if (name === 'allowed') return /^\d+$/.test(word) ? word : undefined
  const words = isCell(name) ? ofCells : ofAttacks
  return Object.keys(words).find((outcome) => words[outcome]?.includes(word))
}

/** Says which words would do. */
export function notUnderstood(name: string, predicted: string | number): string {
  const wanted =
    name === 'allowed'
      ? 'a number, which counts the cells that are allowed'
      : isCell(name)
        ? 'allowed (yes), denied (no) or wrong-user (served in the name of another user)'
        : 'succeeds (S, yes), blocked (B, no) or n/a (–)'
  return `"${predicted}" is no prediction for ${name}: write ${wanted}.`
}
