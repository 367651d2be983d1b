import express from 'express'
import { type Expense, expense, expensesOf, write } from './lab.ts'
import { operation } from './operation.ts'
import { Refused } from './refused.ts'

const app = express()
app.use(express.json({ limit: '64kb' }))
app.get('/health', (_request, response) => void response.json({ status: 'ok' }))

app.get(
  '/expenses',
  operation('list_expenses', 'expenses:read', async (call) => {
    const { owner = call.user } = call.request.query
    if (typeof owner !== 'string') throw new Refused(400, 'invalid_request', 'one owner at most')
    const rows = await expensesOf(owner)
    // Asked without rows, too: an empty list would tell who has no expenses.
    const allowed = await call.permit(rows.length > 0 ? rows : [{ id: 'none', owner }])
    return { status: 200, body: { expenses: rows.filter((row) => allowed.includes(row)) } }
  }),
)

app.post(
  '/expenses',
  operation('submit_expense', 'expenses:write', async (call) => {
    const row = { ...newExpense(call.request.body), owner: call.user }
    await call.permit([{ id: 'new', owner: call.user }])
    const { traceparent } = call.request.headers
    const answer = await write('/expenses', { row, record: call.recordOf(201) }, String(traceparent ?? ''))
    return { status: 201, body: await answer.json(), recorded: true }
  }),
)

app.post(
  '/expenses/:id/approve',
  operation('approve_expense', 'expenses:approve', async (call) => {
    const id = String(call.request.params.id)
    if (!/^[1-9][0-9]{0,8}$/.test(id)) throw new Refused(400, 'invalid_request', 'id: not a number')
    const row = await expense(id)
    // Decided on first: whoever may not approve is not told whether it is there.
    await call.permit([row ?? { id, owner: 'the owner' }])
    if (!row) throw new Refused(404, 'not_found', `there is no expense ${id}`)
    const { traceparent } = call.request.headers
    const answer = await write(
      `/expenses/${id}/approve`,
      { record: call.recordOf(200) },
      String(traceparent ?? ''),
    )
    if (answer.status === 409) throw new Refused(409, 'conflict', `expense ${id} is approved already`)
    return { status: 200, body: await answer.json(), recorded: true }
  }),
)

function newExpense(body: unknown): Pick<Expense, 'amount' | 'description'> {
  const { amount, description } = (body ?? {}) as Record<string, unknown>
  const inCents = typeof amount === 'number' && Math.round(amount * 100) / 100 === amount
  if (!inCents || amount < 0.01 || amount > 10_000)
    throw new Refused(400, 'invalid_request', 'amount: not in euro')
  if (typeof description !== 'string' || description.length < 1 || description.length > 200) {
    throw new Refused(400, 'invalid_request', 'description: 1 to 200 characters')
  }
  return { amount, description }
}

app.listen(Number(process.env.PORT), '127.0.0.1')
