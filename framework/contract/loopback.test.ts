import { expect, it } from 'vitest'
import { isLoopback } from './loopback.ts'

const hostOf = (host: string) => new URL(`http://${host}:80/`).hostname

it.each([
  '127.evil.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evil.example',
  'localhost.',
  'localhost@evil.example',
  '0.0.0.0',
  '128.0.0.1',
  '10.0.0.1',
  '[::ffff:127.0.0.1]',
  '[::]',
  '[fe80::1]',
])('%s is not this machine', (host) => {
  expect(isLoopback(hostOf(host))).toBe(false)
})

it.each(['127.0.0.1', '127.1', '2130706433', 'localhost', 'LOCALHOST', '[::1]', '[0:0::1]'])(
  '%s is this machine',
  (host) => {
    expect(isLoopback(hostOf(host))).toBe(true)
  },
)
