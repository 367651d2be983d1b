import type { Kit } from '@lab/framework/learn'

export async function attack({ send }: Kit<'send'>) {
  await send('directory', { method: 'PUT', path: '/users/dave/role', body: { role: 'admin' } })
}
