import type { Kit } from '@lab/framework/learn'

export async function attack({ send, captured }: Kit<'send' | 'captured'>) {
  await send('expenses', { method: 'POST', path: '/expenses/104/approve', headers: captured.headers })
}
