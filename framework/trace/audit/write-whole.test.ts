import { afterEach, expect, it, vi } from 'vitest'
import { writeWhole } from './write-whole.ts'

afterEach(() => {
  vi.useRealTimers()
})
const fails = (code: string) => Object.assign(new Error(code), { code })
/** Fails ten times and then writes, so that a writer who does not give up comes to an end as well. */
const failing = (code: string, before = () => {}) => {
  let times = 0
  return vi.fn((_fd: number, bytes: Uint8Array) => {
    before()
    if (times++ < 10) throw fails(code)
    return bytes.length
  })
}

it('gives up at once where nothing can be written', () => {
  const write = failing('EPIPE')
  expect(() => writeWhole(1, 'a line\n', write)).toThrow('EPIPE')
  expect(write).toHaveBeenCalledOnce()
})

it('gives up after five seconds with a reader that does not read', () => {
  vi.useFakeTimers({ now: 0, toFake: ['Date'] })
  const write = failing('EAGAIN', () => vi.setSystemTime(Date.now() + 2_000))
  expect(() => writeWhole(1, 'a line\n', write)).toThrow('EAGAIN')
  expect(write).toHaveBeenCalledTimes(3)
})

it('writes all of a line, though the reader takes it in pieces and is slow between them', () => {
  let written = ''
  let times = 0
  writeWhole(7, 'a line with an ä\n', (fd, bytes, at) => {
    expect(fd).toBe(7)
    if (times++ % 2 === 0) throw fails('EAGAIN')
    const piece = bytes.subarray(at, at + 4)
    written += Buffer.from(piece).toString('latin1')
    return piece.length
  })
  expect(Buffer.from(written, 'latin1').toString()).toBe('a line with an ä\n')
})
