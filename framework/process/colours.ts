import { createColors } from 'picocolors'

const { NO_COLOR, FORCE_COLOR } = process.env

/** Colours for a terminal, and none for a pipe or where NO_COLOR is set: also in CI, where the package's own guess differs. */
export const pc = createColors(!NO_COLOR && (Boolean(FORCE_COLOR) || process.stdout.isTTY === true))

/**
 * The one meaning that green and red have in a result, whatever the HTTP status: as it should be, and not as it should
 * be. Both can be read on dark and on light, which yellow and grey cannot.
 */
export const tone = { good: pc.green, bad: pc.red, head: pc.underline } as const
