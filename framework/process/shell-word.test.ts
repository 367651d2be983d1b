import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { shellWord } from './shell-word.ts'

describe('a word for a shell', () => {
  it.each(['./mine', '/srv/lab/p06-x', 'a@b'])('stays bare: %s', (text) => {
    expect(shellWord(text)).toBe(text)
  })

  it.each(['two words', "it's", '$HOME', '`id`', 'a;b', '*', '', '~', 'mein müster', 'a"b', '!x', 'a\\b'])(
    'means itself to a shell: %s',
    (text) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '[%s]' ${shellWord(text)}`], { encoding: 'utf8' })
      expect(stdout).toBe(`[${text}]`)
    },
  )
})
