import type { Kit } from '@lab/framework/learn'

export async function attack({ send, captured }: Kit<'send' | 'captured'>) {
  const { authorization, ...others } = captured.headers
  console.log({ ...captured, headers: others }, authorization?.slice(0, 20))

  await send(captured.service, { method: captured.method, path: captured.path, body: captured.body })
}
