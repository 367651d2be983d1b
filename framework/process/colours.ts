import { createColors } from 'picocolors'

const { NO_COLOR, FORCE_COLOR } = process.env

/** Colours for a terminal, and none for a pipe or where NO_COLOR is set: also in CI, where the package's own guess differs. */
export const pc = createColors(!NO_COLOR && (Boolean(FORCE_COLOR) || process.stdout.isTTY === true))
