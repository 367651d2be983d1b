import { Hono } from 'hono'
import { z } from 'zod'
import { patternFiles } from '../../../runner/load-pattern.ts'
import { refusal } from '../guard.ts'
import { read } from '../read.ts'
import type { Visitor } from '../visitor.ts'
import { OlderVersion } from './copies.ts'

/** So long may a file of a copy be, in bytes. */
export const fileAtMost = 200_000

const file = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= fileAtMost, `a file may have ${fileAtMost / 1000} kB`)
const files = z.object(
  Object.fromEntries(patternFiles.map((name) => [name, file])) as Record<
    (typeof patternFiles)[number],
    typeof file
  >,
)
const version = z.number().int()

/** The routes of the copies, below `/copies`. They stand behind the session's cookie and the guard. */
export function copyRoutes(pattern: z.ZodEnum<Record<string, string>>) {
  const which = read('param', z.object({ pattern }))
  const routes = new Hono<{ Variables: { visitor: Visitor } }>()
    .get('/:pattern', which, (c) => c.json({ copy: c.var.visitor.copies.of(c.req.valid('param').pattern) }))
    .post('/:pattern', which, async (c) => {
      const { pattern } = c.req.valid('param')
      await c.var.visitor.copies.make(pattern)
      return c.json({ copy: c.var.visitor.copies.of(pattern) })
    })
    .post('/:pattern/save', which, read('json', z.object({ version, files })), (c) => {
      const { version, files } = c.req.valid('json')
      return c.json({ version: c.var.visitor.copies.save(c.req.valid('param').pattern, version, files) })
    })
    .post('/:pattern/run', which, read('json', z.object({ version })), (c) => {
      const { pattern } = c.req.valid('param')
      return c.json({ job: c.var.visitor.runCopy(pattern, c.req.valid('json').version).id })
    })
    .post('/:pattern/stop', which, async (c) => {
      await c.var.visitor.copies.abort(c.req.valid('param').pattern)
      return c.json({ stopped: true })
    })
    .post(
      '/:pattern/folder',
      which,
      read('json', z.object({ version, name: z.string().max(200) })),
      async (c) => {
        const { version, name } = c.req.valid('json')
        return c.json(await c.var.visitor.copies.keep(c.req.valid('param').pattern, version, name))
      },
    )
  routes.onError((error, c) => {
    if (error instanceof OlderVersion) return c.json(refusal('older_version', error.message), 409)
    throw error
  })
  return routes
}
