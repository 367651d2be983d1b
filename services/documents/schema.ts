import { z } from '@hono/zod-openapi'

export const Query = z.string().trim().min(1).max(200).describe('Words that the document must have')

export const Document = z
  .object({ id: z.string(), title: z.string(), group: z.string(), text: z.string() })
  .openapi('Document')
