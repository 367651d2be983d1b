import type { Kit } from '@lab/framework/learn'

export async function attack({ send }: Kit<'send'>) {
  // A day has passed. Does anything of it still work?
  const answer = await send('expenses', { method: 'GET', path: '/expenses', headers: { 'x-api-key': '?' } })
  console.log(answer)
}
