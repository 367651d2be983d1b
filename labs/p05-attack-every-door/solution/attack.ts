import type { Kit } from '@lab/framework/learn'

export async function attack({ send, captured }: Kit<'send' | 'captured'>) {
  await send('documents', {
    method: 'GET',
    path: '/documents?query=runbook',
    headers: { authorization: captured.headers.authorization ?? '' },
  })
}
