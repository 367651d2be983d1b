import type { Kit } from '@lab/framework/learn'

export async function attack({ send }: Kit<'send'>) {
  // A first request, as the log has it: nothing says who you are.
  const answer = await send('documents', { method: 'GET', path: '/documents?query=handbook' })
  console.log(answer)
}
