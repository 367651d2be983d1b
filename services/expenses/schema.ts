import { z } from '@hono/zod-openapi'
import { UserName } from '../shared/user-name.ts'

export const ExpenseId = z.int().min(1).max(1_000_000_000).describe('Number of the expense')

export const NewExpense = z
  .strictObject({
    amount: z.number().positive().max(10_000).multipleOf(0.01).describe('In euro, to the cent'),
    description: z.string().trim().min(1).max(200).describe('What it was for'),
  })
  .openapi('NewExpense')

export const Expense = z
  .object({
    id: ExpenseId,
    owner: UserName,
    amount: z.number(),
    description: z.string(),
    status: z.enum(['pending', 'approved']),
  })
  .openapi('Expense')
