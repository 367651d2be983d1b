import { createRoute, z } from '@hono/zod-openapi'
import { AuthError, type Resource } from '@lab/contract'
import type { Context } from 'hono'
import type { DecisionFields } from '../shared/audit-record.ts'
import { changeWithRecord } from '../shared/change-with-record.ts'
import { identityOf } from '../shared/current-call.ts'
import { operation } from '../shared/operation.ts'
import { permittedRows, requirePermission } from '../shared/permission.ts'
import { ErrorBody, jsonResponse, refusals } from '../shared/responses.ts'
import { createServiceApp } from '../shared/service-app.ts'
import type { ServiceApp, ServiceDeps, ServiceEnv } from '../shared/service-deps.ts'
import { UserName } from '../shared/user-name.ts'
import type { ExpenseRows, Expense as Row } from './rows.ts'
import { Expense, NewExpense } from './schema.ts'

/** Expenses: list, submit, approve. */
export function createExpensesApp(deps: ServiceDeps, expenses: ExpenseRows): ServiceApp {
  const app = createServiceApp(deps, 'Expenses of employees, and their approval.')
  addList(app, deps, expenses)
  addSubmit(app, deps, expenses)
  addApprove(app, deps, expenses)
  return app
}

function addList(app: ServiceApp, deps: ServiceDeps, expenses: ExpenseRows): void {
  const list = createRoute({
    method: 'get',
    path: '/expenses',
    operationId: 'list_expenses',
    summary: "List a user's expenses; without an owner, the caller's",
    request: { query: z.strictObject({ owner: UserName.optional() }) },
    responses: { 200: jsonResponse(z.object({ expenses: z.array(Expense) }), 'The expenses'), ...refusals },
    middleware: operation('list_expenses', deps),
  })
  app.openapi(list, async (c) => {
    // Where the pattern knows no user there is no "mine", and all rows are asked for.
    const owner = c.req.valid('query').owner ?? identityOf(c).userId
    const rows = owner ? expenses.ofOwner(owner) : expenses.all()
    if (owner && rows.length === 0) {
      // Asked all the same, or an empty list would tell who has no expenses.
      await requirePermission(c, deps, { type: 'expense', id: 'none', owner })
      return c.json({ expenses: [] }, 200)
    }
    const { permitted, refusal } = await permittedRows(c, deps, rows, resourceOf)
    if (refusal) throw refusal
    return c.json({ expenses: permitted }, 200)
  })
}

function addSubmit(app: ServiceApp, deps: ServiceDeps, expenses: ExpenseRows): void {
  const submit = createRoute({
    method: 'post',
    path: '/expenses',
    operationId: 'submit_expense',
    summary: "Submit an expense as the caller's own",
    request: { body: { required: true, content: { 'application/json': { schema: NewExpense } } } },
    responses: { 201: jsonResponse(Expense, 'The new expense, pending'), ...refusals },
    middleware: operation('submit_expense', deps),
  })
  app.openapi(submit, async (c) => {
    const { userId, client } = identityOf(c)
    const owner = userId ?? client ?? 'anonymous'
    const decided = await requirePermission(c, deps, { type: 'expense', id: 'new', owner })
    const added = changeWithRecord(c, {
      rows: expenses,
      make: () => expenses.add({ ...c.req.valid('json'), owner, status: 'pending' }),
      status: 201,
      decided: ({ id }) => ({ ...decided, resources: [`expense:${id}`] }),
    })
    return c.json(added, 201)
  })
}

function addApprove(app: ServiceApp, deps: ServiceDeps, expenses: ExpenseRows): void {
  const approve = createRoute({
    method: 'post',
    path: '/expenses/{id}/approve',
    operationId: 'approve_expense',
    summary: 'Approve a pending expense',
    request: {
      params: z.object({
        id: z
          .string()
          .regex(/^[1-9][0-9]{0,8}$/, 'must be a positive integer')
          .openapi({ example: '103' }),
      }),
    },
    responses: {
      200: jsonResponse(Expense, 'The approved expense'),
      404: jsonResponse(ErrorBody, 'There is no such expense'),
      409: jsonResponse(ErrorBody, 'It is approved already'),
      ...refusals,
    },
    middleware: operation('approve_expense', deps),
  })
  app.openapi(approve, async (c) => {
    const id = Number(c.req.valid('param').id)
    const expense = expenses.find(id)
    const decided = await permissionToApprove(c, deps, id, expense)
    if (!expense) {
      const reason = `there is no expense ${id}`
      c.set('decided', { resources: [`expense:${id}`], decision: 'deny', decidedBy: 'nobody', reason })
      return c.json({ error: 'not_found', reason }, 404)
    }
    // The decision took time: somebody else may have approved meanwhile, so the row itself is asked.
    const make = () => expenses.approve(id) || undefined
    if (!changeWithRecord(c, { rows: expenses, make, status: 200, decided: () => decided })) {
      return c.json({ error: 'conflict', reason: `expense ${id} is approved already` }, 409)
    }
    return c.json({ ...expense, status: 'approved' as const }, 200)
  })
}

/**
 * Asks whether the caller may approve an expense. Whoever may not is not told that it is there, nor whose it is, unless
 * it is the caller's own: the reason is the one that an expense would give that is not there. The record has the real one.
 */
async function permissionToApprove(
  c: Context<ServiceEnv>,
  deps: ServiceDeps,
  id: number,
  expense: Row | undefined,
): Promise<DecisionFields> {
  // No user can be called so.
  const absent: Resource = { type: 'expense', id: String(id), owner: 'the owner' }
  if (!expense) return requirePermission(c, deps, absent)
  try {
    return await requirePermission(c, deps, resourceOf(expense))
  } catch (error) {
    const { decided } = c.var
    const { userId } = identityOf(c)
    if (!(error instanceof AuthError) || error.status !== 403 || expense.owner === userId) throw error
    const shown = await requirePermission(c, deps, absent).then(
      () => new AuthError('access_denied', `expense ${id} is not for ${userId} to approve`),
      (refusal: unknown) => refusal,
    )
    if (decided) c.set('decided', decided)
    throw shown
  }
}

function resourceOf({ id, owner }: Row): Resource {
  return { type: 'expense', id: String(id), owner }
}
