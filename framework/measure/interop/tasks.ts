import { prompts } from '../../scenario/prompts.ts'
import type { Task } from './clients/foreign-client.ts'

const calls: Readonly<Record<number, Pick<Task, 'tool' | 'args'>>> = {
  1: { tool: 'list_expenses', args: {} },
  2: { tool: 'list_expenses', args: { owner: 'bob' } },
  3: { tool: 'search_documents', args: { query: 'incident runbook' } },
  4: { tool: 'submit_expense', args: { amount: 42, description: 'lunch' } },
  5: { tool: 'approve_expense', args: { id: 103 } },
  6: { tool: 'set_user_role', args: { user: 'dave', role: 'admin' } },
  7: { tool: 'list_expenses', args: { owner: 'alice' } },
}

/** The canonical prompts, for clients that have a model and for those that call tools themselves. */
export const tasks: readonly Task[] = prompts.map(({ number, text: prompt }) => {
  const call = calls[number]
  if (!call) throw new RangeError(`prompt ${number} has no tool call here`)
  return { number, prompt, ...call }
})
