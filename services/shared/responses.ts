import { z } from '@hono/zod-openapi'

/** The body of every answer that is not a success. */
export const ErrorBody = z
  .object({
    error: z.string().openapi({ example: 'access_denied' }),
    reason: z.string().openapi({ example: 'no role of dave covers expenses:approve' }),
  })
  .openapi('Error')

/** A response as the OpenAPI document declares it. */
export function jsonResponse<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** The refusals that every operation may answer with. */
export const refusals = {
  400: jsonResponse(ErrorBody, 'The request is malformed; nothing was changed'),
  401: jsonResponse(ErrorBody, 'No credential, or one that does not hold'),
  403: jsonResponse(ErrorBody, 'The credential holds and the decision was no'),
  503: jsonResponse(ErrorBody, 'An answer of the IdP or the PDP is needed and unavailable'),
}
