import { z } from '@hono/zod-openapi'
import { plainText } from '../shared/plain-text.ts'
import { UserName } from '../shared/user-name.ts'

export const ExpenseId = z.int().min(1).max(1_000_000_000).describe('Number of the expense')

export const NewExpense = z
  .strictObject({
    amount: z
      .number()
      .min(0.01)
      .max(10_000)
      .multipleOf(0.01)
      // What is kept is cents: `multipleOf` alone lets a number through that is none of them.
      .refine((amount) => Math.round(amount * 100) / 100 === amount, 'must be a whole number of cents')
      .describe('In euro, to the cent')
      .openapi({ example: 42 }),
    description: plainText(200).describe('What it was for').openapi({ example: 'lunch with a customer' }),
  })
  .openapi('NewExpense')

export const Expense = z
  .object({
    id: ExpenseId.openapi({ example: 103 }),
    owner: UserName.openapi({ example: 'bob' }),
    amount: z.number().openapi({ example: 42 }),
    description: z.string().openapi({ example: 'lunch with a customer' }),
    status: z.enum(['pending', 'approved']),
  })
  .openapi('Expense')
