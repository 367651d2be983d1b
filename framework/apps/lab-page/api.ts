import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import { reportDefect } from '../../process/exit.ts'
import { UserError } from '../../process/user-error.ts'
import { ecsOf } from '../../trace/audit/ecs.ts'
import type { AuditEvent } from '../../trace/audit/event.ts'
import { otlpOf } from '../../trace/audit/otlp.ts'
import { copyRoutes, fileAtMost } from './copy/copy-routes.ts'
import { evidenceView } from './evidence-view.ts'
import { refusal } from './guard.ts'
import { codeOf, diffOf, type LabView } from './lab-view.ts'
import type { Links } from './links.ts'
import { read } from './read.ts'
import type { Visitor } from './visitor.ts'
import type { Visitors } from './visitors.ts'

/** The parts that the routes are made of. */
export interface ApiParts {
  readonly port: number
  readonly lab: LabView
  readonly links: Links
  readonly visitors: Visitors
}

export type PageApi = ReturnType<typeof pageApi>

/** So much may be sent to the page at once, in bytes: nothing that it asks for is longer, but the files of a copy. */
const bodyAtMost = 32 * 1024

/** Two files, and as much again for what JSON makes of their signs. */
const copyAtMost = 4 * fileAtMost

/** The routes of the page. All but the exchange of a link's token need the session's cookie. */
export function pageApi({ port, lab, links, visitors }: ApiParts) {
  // Cookies know no ports: another page on this machine would overwrite it.
  const cookie = `lab_page_${port}`
  const asVisitor = createMiddleware<{ Variables: { visitor: Visitor; secret: string } }>(async (c, next) => {
    const secret = getCookie(c, cookie) ?? ''
    const visitor = visitors.find(secret)
    if (typeof visitor === 'string') return c.json(refusal('no_session', visitor), 401)
    visitor.lastUsed = Date.now()
    c.set('visitor', visitor)
    c.set('secret', secret)
    return next()
  })
  const pattern = z.enum(lab.patterns.map(({ name }) => name) as [string, ...string[]])
  const attack = z.enum(
    lab.groups.flatMap(({ attacks }) => attacks.map(({ id }) => id)) as [string, ...string[]],
  )

  const limited = bodyLimit({
    maxSize: bodyAtMost,
    onError: (c) => c.json(refusal('too_long', 'that is too long'), 413),
  })
  const limitedAsCopy = bodyLimit({
    maxSize: copyAtMost,
    onError: (c) => c.json(refusal('too_long', `a file of a copy may have ${fileAtMost / 1000} kB`), 413),
  })

  const routes = new Hono()
    .use((c, next) => {
      if (c.req.method !== 'POST') return next()
      return /\/copies\/[\w-]+\/save$/.test(c.req.path) ? limitedAsCopy(c, next) : limited(c, next)
    })
    .post('/session', read('json', z.object({ token: z.string().max(100) })), (c) => {
      if (!links.redeem(c.req.valid('json').token)) {
        const why =
          'this link was used already, or is not of this server: open the one that the terminal shows'
        return c.json(refusal('used_link', why), 401)
      }
      setCookie(c, cookie, visitors.open(), { httpOnly: true, sameSite: 'Strict', path: '/' })
      return c.json({ opened: true })
    })
    .use(asVisitor)
    .get('/lab', (c) => c.json(lab))
    .post('/session/end', async (c) => {
      // The browser keeps a cookie that opens nothing, and is told why.
      await visitors.end(c.var.secret)
      return c.json({ ended: true })
    })
    .post('/links', (c) => c.json({ url: `http://127.0.0.1:${port}/#${links.issue()}` }))
    .post(
      '/runs',
      read(
        'json',
        z.object({ pattern, user: z.string().max(60), prompt: z.string().trim().min(1).max(500) }),
      ),
      (c) => {
        const { pattern, user, prompt } = c.req.valid('json')
        return c.json({ job: c.var.visitor.run(pattern, user, prompt).id })
      },
    )
    .post('/attacks', read('json', z.object({ pattern, ids: z.array(attack).max(200) })), (c) => {
      const { pattern, ids } = c.req.valid('json')
      return c.json({ job: c.var.visitor.attack(pattern, ids).id })
    })
    .get('/jobs/:id', (c) => {
      const job = c.var.visitor.job(c.req.param('id'))
      if (!job) return c.json(refusal('no_job', 'there is no such run in this session'), 404)
      return streamSSE(c, async (stream) => {
        const left = new AbortController()
        stream.onAbort(() => left.abort())
        for await (const { name, data } of job.events(left.signal)) {
          await stream.writeSSE({ event: name, data: JSON.stringify(data) })
        }
      })
    })
    .get('/attacks', (c) =>
      c.json(
        c.var.visitor.results.map(({ id, pattern, outcome, expected, reason }) => ({
          id,
          pattern,
          outcome,
          expected,
          reason,
        })),
      ),
    )
    .get('/attacks/:pattern', read('param', z.object({ pattern })), (c) => {
      const results = c.var.visitor.results.filter((each) => each.pattern === c.req.valid('param').pattern)
      return c.json(results.map((each) => evidenceView(each)))
    })
    .get('/attacks/:pattern/:id', read('param', z.object({ pattern, id: attack })), (c) => {
      const { pattern, id } = c.req.valid('param')
      const result = c.var.visitor.resultOf(pattern, id)
      return c.json({ result: result ? evidenceView(result) : null })
    })
    .get('/code/:pattern', read('param', z.object({ pattern })), async (c) =>
      c.json(await codeOf(c.req.valid('param').pattern)),
    )
    .get('/diff/:from/:to', read('param', z.object({ from: pattern, to: pattern })), async (c) => {
      const { from, to } = c.req.valid('param')
      return c.json(await diffOf(from, to))
    })
    .route('/copies', copyRoutes(pattern))
    .get('/audit', (c) => c.json([...c.var.visitor.events]))
    .get(
      '/audit/export',
      read('query', z.object({ format: z.enum(['jsonl', 'ecs', 'otlp']), ...filters })),
      (c) => {
        const { format, ...wanted } = c.req.valid('query')
        const text = exported(eventsWith(c.var.visitor.events, wanted), format)
        return c.body(text, 200, {
          'content-type': format === 'otlp' ? 'application/json' : 'application/x-ndjson',
          'content-disposition': `attachment; filename="audit.${format === 'otlp' ? 'json' : 'jsonl'}"`,
        })
      },
    )
  routes.onError((error, c) => {
    if (error instanceof UserError) return c.json(refusal('refused', error.message), 409)
    if ('getResponse' in error && typeof error.getResponse === 'function') return error.getResponse()
    reportDefect(error)
    return c.json(refusal('broken', 'the page has a defect: the terminal says more'), 500)
  })
  return routes
}

/** The fields by which events are chosen; an empty one chooses all. */
const filters = {
  trace: z.string().max(64).default(''),
  user: z.string().max(60).default(''),
  actor: z.string().max(60).default(''),
  outcome: z.string().max(10).default(''),
}

function eventsWith(
  events: readonly AuditEvent[],
  wanted: Readonly<Record<keyof typeof filters, string>>,
): AuditEvent[] {
  return events.filter(
    ({ trace = '', user = '', actors = [], client = '', outcome }) =>
      [trace, ''].includes(wanted.trace) &&
      [user, ''].includes(wanted.user) &&
      [...actors, client, ''].includes(wanted.actor) &&
      [outcome, ''].includes(wanted.outcome),
  )
}

function exported(events: readonly AuditEvent[], format: 'jsonl' | 'ecs' | 'otlp'): string {
  if (format === 'otlp') return JSON.stringify(otlpOf(events))
  return events.map((event) => `${JSON.stringify(format === 'ecs' ? ecsOf(event) : event)}\n`).join('')
}
