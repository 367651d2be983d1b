import type { Kit } from '@lab/framework/learn'

export async function attack({ send }: Kit<'send' | 'captured'>) {
  await send('documents', {
    method: 'GET',
    path: '/documents?query=runbook',
    headers: { 'x-user': 'alice' },
  })
}
