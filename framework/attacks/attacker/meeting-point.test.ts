import { expect, it } from 'vitest'
import { MeetingPoint } from './meeting-point.ts'

const about = (trace: string) => ({ trace, from: 'mcp-server', to: 'idp' }) as const

it('no call should go on before all are there', async () => {
  const point = new MeetingPoint(2, () => true)
  const went: string[] = []
  const first = point.arrive(about('a')).then(() => went.push('a'))
  await Promise.resolve()
  expect(went).toEqual([])
  const second = point.arrive(about('b')).then(() => went.push('b'))
  await Promise.all([first, second])
  expect(went).toEqual(['a', 'b'])
})

it('nobody should wait for a call that has ended, or be held up by one that is not theirs', async () => {
  const point = new MeetingPoint(2, (trace) => trace !== 'other')
  point.leave()
  await point.arrive(about('a'))
  await new MeetingPoint(2, () => false).arrive(about('other'))
})
