import { z } from '@hono/zod-openapi'
import { isVisible } from '@lab/contract'

/**
 * A text of one line that people and models will read. A refinement and no pattern: a client that reads patterns
 * without the `u` flag would take this one for another.
 */
export function plainText(longest: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine(isVisible, 'must not hold line breaks, control characters or marks of direction')
}
