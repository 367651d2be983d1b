import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startNative } from './start-native.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'native-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('takes no answer of somebody else for that of a program that has ended, and tells what it said', async () => {
  const prepared = { folder, start: ['sh', '-c', 'echo the port is taken; echo $$ > pid'], remove() {} }
  const pid = join(folder, 'pid')
  const isAlive = () => {
    try {
      return process.kill(Number(readFileSync(pid, 'utf8')), 0)
    } catch {
      return false
    }
  }
  const starting = startNative(prepared, {
    name: 'it',
    url: 'http://127.0.0.1:1',
    async isReady() {
      while (!existsSync(pid) || isAlive()) await sleep(5)
      return true
    },
  })
  await expect(starting).rejects.toThrow('it does not listen at http://127.0.0.1:1: the port is taken')
})
