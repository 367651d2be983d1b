import { type AuditRecord, type PolicyName, traceIdOf, traceparentFrom } from '@lab/contract'
import { listen } from '@lab/services'
import { Hono } from 'hono'
import { z } from 'zod'
import type { PartsElsewhere } from '../../runner/service-elsewhere.ts'

/** The part of a record that the service writes itself; time, trace, pattern and service are added here. */
const Entry = z.strictObject({
  tool: z.enum(['list_expenses', 'submit_expense', 'approve_expense']),
  action: z.enum(['expenses:read', 'expenses:write', 'expenses:approve']),
  resources: z.array(z.string()),
  user: z.string().optional(),
  actors: z.array(z.string()).optional(),
  client: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  jti: z.string().optional(),
  decision: z.enum(['allow', 'deny', 'error']),
  decidedBy: z.enum(['nobody', 'service', 'opa']),
  rule: z.string().optional(),
  reason: z.string(),
  status: z.int(),
})
const NewRow = z.strictObject({ owner: z.string(), amount: z.number(), description: z.string() })
const policies: readonly string[] = ['scope', 'relationships'] satisfies PolicyName[]

/** The loopback side of the lab that a service in another language has in place of a database, a log and a PDP. */
export interface BackEnd {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves what a company has behind such a service: its clock, the IdP's keys, the table of users, OPA's REST API, the
 * rows, and the log. A row is changed together with the record of it: both, or neither.
 */
export async function serveBackEnd(parts: PartsElsewhere): Promise<BackEnd> {
  const { userOf, now, keys, pdp, database } = parts
  const { expenses } = database
  const app = new Hono()
  const write = (entry: z.infer<typeof Entry>, traceparent: string | undefined) =>
    parts.audit(recordOf(entry, parts, traceparent))

  app.get('/clock', (c) => c.json({ now: now() }))
  app.get('/keys', async (c) => {
    const answer = await keys().catch(() => undefined)
    return answer ?? c.json({ error: 'the IdP cannot be reached' }, 503)
  })
  app.get('/users/:sub', (c) => {
    const name = userOf(c.req.param('sub'))
    return name ? c.json({ name }) : c.notFound()
  })
  app.post('/v1/data/agentauth/:policy/decisions', async (c) => {
    const policy = c.req.param('policy')
    if (!policies.includes(policy)) return c.json({})
    const { input } = await c.req.json()
    const traceparent = traceparentFrom(c.req.header('traceparent'))
    return c.json({ result: await pdp.decide(policy as PolicyName, input, traceparent) })
  })

  app.get('/expenses', (c) => c.json(expenses.ofOwner(c.req.query('owner') ?? '')))
  app.get('/expenses/:id', (c) => {
    const expense = expenses.find(Number(c.req.param('id')))
    return expense ? c.json(expense) : c.notFound()
  })
  app.post('/expenses', async (c) => {
    const { row, record } = z.strictObject({ row: NewRow, record: Entry }).parse(await c.req.json())
    return expenses.atomically(() => {
      const added = expenses.add({ ...row, status: 'pending' })
      write({ ...record, resources: [`expense:${added.id}`] }, c.req.header('traceparent'))
      return c.json(added, 201)
    })
  })
  app.post('/expenses/:id/approve', async (c) => {
    const { record } = z.strictObject({ record: Entry }).parse(await c.req.json())
    const id = Number(c.req.param('id'))
    return expenses.atomically(() => {
      if (!expenses.approve(id)) return c.json({ error: 'approved already' }, 409)
      write(record, c.req.header('traceparent'))
      return c.json(expenses.find(id))
    })
  })
  app.post('/records', async (c) => {
    write(Entry.parse(await c.req.json()), c.req.header('traceparent'))
    return c.body(null, 204)
  })
  app.onError((error, c) => c.json({ error: error.message }, error instanceof z.ZodError ? 400 : 503))

  const listener = await listen()
  listener.serve((request) => app.fetch(request))
  return listener
}

function recordOf(
  entry: z.infer<typeof Entry>,
  { name, pattern, now }: PartsElsewhere,
  traceparent: string | undefined,
): AuditRecord {
  const { user, actors, client, scopes, jti, rule, ...decided } = entry
  return {
    time: new Date(now()).toISOString(),
    trace: traceIdOf(traceparentFrom(traceparent)),
    pattern,
    service: name,
    ...decided,
    ...(user && { user }),
    ...(actors && { actors }),
    ...(client && { client }),
    ...(scopes && { scopes }),
    ...(jti && { jti }),
    ...(rule && { rule }),
  }
}
