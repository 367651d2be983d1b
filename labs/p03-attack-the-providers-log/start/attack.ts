import type { Kit } from '@lab/framework/learn'

export async function attack({ send }: Kit<'send'>) {
  const answer = await send('expenses', { method: 'GET', path: '/expenses' })
  console.log(answer)
}
