import { z } from '@hono/zod-openapi'
import { roles } from '@lab/contract'

export const RoleName = z.enum(roles).openapi({ example: 'user' })
