import { z } from '@hono/zod-openapi'
import { plainText } from '../shared/plain-text.ts'

export const Query = plainText(200)
  .describe('Words that the document must have')
  .openapi({ example: 'runbook' })

export const Document = z
  .object({ id: z.string(), title: z.string(), group: z.string(), text: z.string() })
  .openapi('Document')
