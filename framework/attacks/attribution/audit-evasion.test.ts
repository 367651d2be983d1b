import { traceIdOf, traceparentFrom } from '@lab/contract'
import { listen } from '@lab/services'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import type { PartsElsewhere } from '../../runner/service-elsewhere.ts'
import { outcomesOn } from '../testing/outcomes.ts'

/** The requests that the service of the test does not record, by their headers. */
let forgets: (headers: Headers) => boolean
let runner: PatternRunner

beforeAll(async () => {
  const elsewhere = { expenses: careless }
  runner = await new PatternRunner('p02', { elsewhere }).start()
})
afterAll(() => runner.stop())

/** A service that serves whatever comes, whatever its headers are. */
async function careless(parts: PartsElsewhere) {
  const { name: service, pattern, audit, database } = parts
  const listener = await listen()
  listener.serve(async (request) => {
    const { headers } = request
    const asked = (await request.json()) as { amount: number; description: string }
    const added = database.expenses.add({ ...asked, owner: 'alice', status: 'pending' })
    if (!forgets(headers)) {
      const trace = traceIdOf(traceparentFrom(headers.get('traceparent')))
      const resources = [`expense:${added.id}`]
      const decided = { decision: 'allow', decidedBy: 'service', reason: 'any key will do' } as const
      const time = new Date().toISOString()
      audit({ time, trace, pattern, service, action: 'expenses:write', resources, ...decided, status: 201 })
    }
    return Response.json(added, { status: 201 })
  })
  return listener
}

const traceparent = (form: RegExp) => (headers: Headers) => form.test(headers.get('traceparent') ?? 'none')

it('is blocked where each change is recorded, whatever the headers say', async () => {
  forgets = () => false
  expect(await outcomesOn(runner, ['audit-evasion'])).toEqual(['audit-evasion blocked'])
})

it.each<[string, (headers: Headers) => boolean]>([
  ['an empty trace', traceparent(/^$/)],
  ['a trace of other words', traceparent(/^none of/)],
  ['a trace of zeros', traceparent(/^00-0{32}-/)],
  ['two traces', traceparent(/,/)],
  ['a trace that is no sample', traceparent(/^00-(?!0{32}).*-00$/)],
  ['another method in a header', (headers) => headers.has('x-http-method-override')],
])('succeeds on a service that does not record %s', async (_what, forgotten) => {
  forgets = forgotten
  expect(await outcomesOn(runner, ['audit-evasion'])).toEqual(['audit-evasion succeeds'])
})
