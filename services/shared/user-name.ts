import { z } from '@hono/zod-openapi'

/** The pattern also keeps a name from being more than one segment of a path. */
export const UserName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a user name in lower case, such as alice')
  .describe('User name in lower case, such as alice')
