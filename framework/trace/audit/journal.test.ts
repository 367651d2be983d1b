import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { projectFolder } from '../../process/folders.ts'
import { journalFile, openJournal } from './journal.ts'

const event = { time: '2026-11-20T10:00:00Z', source: 'idp', action: 'login', outcome: 'deny' } as const

describe('a journal', () => {
  it('is in the first folder that can be written or created, unless it is named', () => {
    const below = join(projectFolder, 'package.json', 'folder')
    const here = join(projectFolder, '.stack', 'not-there', 'yet')
    expect(journalFile({}, [below, here])).toBe(join(here, 'audit.jsonl'))
    expect(journalFile({}, [here, below])).toBe(join(here, 'audit.jsonl'))
    expect(journalFile({ AUDIT_LOG: '-' }, [here])).toBe('-')
  })

  it('says so where a line cannot be written', () => {
    const write = openJournal('/dev/full')
    expect(() => write(event)).toThrow(/journal \/dev\/full cannot be written \(ENOSPC\): make room/)
  })

  it('on standard output is alone there, one event a line, with nothing hidden in it', async () => {
    const reason = 'a\n\u009b2J\u202e'
    const program = `
      import { openJournal } from './trace/audit/journal.ts'
      import { say } from './process/terminal.ts'
      const write = openJournal('-')
      say('a line for people')
      write(${JSON.stringify({ ...event, reason })})
      say('{"time":"forged"}')`
    const args = ['--import', 'tsx', '--input-type=module', '-e', program]
    const cwd = join(projectFolder, 'framework')
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd })
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([{ ...event, reason }])
    expect(stdout).toContain('\\u009b2J\\u202e')
    expect(stderr).toBe('a line for people\n{"time":"forged"}\n')
  })
})
