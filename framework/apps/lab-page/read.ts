import { zValidator } from '@hono/zod-validator'
import type { z } from 'zod'
import { refusal } from './guard.ts'

/** Checks a part of a request; what is wrong with it is said in one line. */
export function read<Target extends 'json' | 'param' | 'query', Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) {
  return zValidator(target, schema, (result, c) => {
    if (result.success) return undefined
    const [issue] = result.error.issues
    return c.json(refusal('bad_request', `${issue?.path.join('.')}: ${issue?.message}`), 400)
  })
}
