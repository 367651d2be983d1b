import type { Kit } from '@lab/framework/learn'

export async function attack({ ask }: Kit<'ask'>) {
  const answer = await ask('What are my expenses?')
  console.log(answer)
}
