import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { readForm } from './read-form.ts'

it('reads no more of a form than any here needs', async () => {
  let read = 0
  const body = Readable.from(
    (function* () {
      for (; read < 200; read++) yield Buffer.from('x'.repeat(1024))
    })(),
    { objectMode: false, highWaterMark: 1024 },
  )
  await readForm(body as IncomingMessage)
  expect(read).toBeLessThan(30)
})

it('gives the fields of a form', async () => {
  const fields = await readForm(Readable.from([Buffer.from('a=1&b=%20')]) as IncomingMessage)
  expect([...fields]).toEqual([
    ['a', '1'],
    ['b', ' '],
  ])
})
