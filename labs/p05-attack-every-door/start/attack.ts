import type { Kit } from '@lab/framework/learn'

export async function attack({ send, captured }: Kit<'send' | 'captured'>) {
  // You know the door that this request went to. Try the handle.
  const answer = await send(captured.service, {
    method: captured.method,
    path: captured.path,
  })
  console.log(answer)
}
