import { listen, openDatabase } from '@lab/services'
import { Hono } from 'hono'

/** The same rows from the same table by the same server, and nobody asks who wants them. */
export async function openBaseline() {
  const database = openDatabase([])
  const app = new Hono().get('/expenses', (c) => c.json({ expenses: database.expenses.ofOwner('alice') }))
  const listener = await listen()
  listener.serve((request) => app.fetch(request))
  return {
    url: `${listener.url}/expenses`,
    async close() {
      await listener.close()
      database.close()
    },
  }
}
