import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse as parseHtml } from 'node-html-parser'
import { afterAll, describe, expect, it } from 'vitest'
import { projectFolder } from '../../../process/folders.ts'
import { checkGroups } from '../checks/index.ts'
import type { ProbeOutcome } from '../result.ts'
import { differences, readBaseline } from './baseline.ts'
import { filesOf, formsOf } from './files.ts'
import { jsonReport, reportSchema, toJson } from './json.ts'
import { toJunit } from './junit.ts'
import { isAtLeast, type Report } from './report.ts'
import { toSarif } from './sarif.ts'
import { toText } from './text.ts'

const folder = await mkdtemp(join(tmpdir(), 'probe-'))
afterAll(() => rm(folder, { recursive: true }))

const outcomes: ProbeOutcome[] = ['found', 'held', 'not-applicable', 'not-tried', 'error']
const checks = checkGroups.flatMap(({ title, checks }) => checks.map((check) => ({ check, group: title })))
const hostile = `<script>alert('x')</script> & "quoted" \u001b[2J`
const report: Report = {
  target: 'http://127.0.0.1:8000/mcp',
  at: '2026-11-28T12:00:00.000Z',
  requests: 5,
  results: outcomes.map((outcome, at) => ({
    ...(checks[at] as (typeof checks)[number]),
    outcome,
    reason: hostile,
    sent: [
      {
        method: 'GET',
        url: 'http://127.0.0.1:8000/mcp',
        headers: {},
        body: '',
        status: 200,
        answer: hostile,
      },
    ],
  })),
}

describe('a report', () => {
  it('as JSON is what a baseline can be read from', async () => {
    const [file] = await filesOf(report, formsOf('json'), folder)
    expect(await readBaseline(String(file))).toEqual(jsonReport.parse(toJson(report)))
  })

  it('has its schema in the documentation', async () => {
    const file = join(projectFolder, 'docs/probe/report.schema.json')
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(reportSchema())))
  })

  it('as SARIF has a rule for each check, a result for the finding, a notification for the error', () => {
    const sarif = toSarif(report) as {
      runs: [
        {
          tool: { driver: { rules: { id: string }[] } }
          results: { ruleId: string }[]
          invocations: [object]
        },
      ]
    }
    const [{ tool, results, invocations }] = sarif.runs
    expect(tool.driver.rules).toHaveLength(5)
    expect(results.map(({ ruleId }) => ruleId)).toEqual([report.results[0]?.check.id])
    expect(invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ descriptor: { id: report.results[4]?.check.id } }],
    })
  })

  it('as JUnit counts and escapes', () => {
    const xml = toJunit(report)
    expect(xml).toContain('tests="5" failures="1" errors="1" skipped="2"')
    expect(xml).not.toContain('<script>')
    expect(parseHtml(xml).querySelectorAll('testcase')).toHaveLength(5)
  })

  it('as HTML runs nothing that a server said', async () => {
    const [file] = await filesOf(report, formsOf('html'), folder)
    const page = parseHtml(await readFile(String(file), 'utf8'))
    expect(page.querySelectorAll('script')).toEqual([])
    expect(page.querySelectorAll('tbody tr')).toHaveLength(5)
    expect(page.textContent).toContain('alert(')
  })

  it('as text steers no terminal, and tells each outcome', () => {
    const text = toText(report)
    expect(text).not.toContain('\u001b[2J')
    for (const outcome of outcomes) expect(text).toContain(outcome)
    expect(text).toContain('Remedy:')
    expect(text).toMatch(/5 checks: 1 held, 1 found, 1 not applicable, 1 not tried, 1 error \(5 requests\)\./)
  })

  it('fails only from its severity on', () => {
    const [finding, ...others] = report.results
    if (!finding) throw new Error('no finding')
    const low = { ...finding, check: { ...finding.check, severity: 'low' as const } }
    expect(isAtLeast(low, 'low')).toBe(true)
    expect(isAtLeast(low, 'medium')).toBe(false)
    expect(others.some((each) => isAtLeast(each, 'low'))).toBe(false)
  })
})

describe('a baseline', () => {
  it('tells what differs', () => {
    const before = jsonReport.parse(toJson(report))
    const first = before.checks[0]
    if (!first) throw new Error('no check')
    const fixed = {
      ...before,
      checks: [{ ...first, outcome: 'held' as const }, ...before.checks.slice(1, 4)],
    }
    expect(differences(fixed, report)).toEqual([
      `${first.id}: held → found`,
      `${report.results[4]?.check.id}: not in the baseline → error`,
    ])
    expect(differences(before, report)).toEqual([])
  })

  it.each([
    ['that is not there', undefined, /cannot be read \(ENOENT\)/],
    ['of another kind', '{"version":2}', /is no report of this probe/],
    ['that is no JSON', 'x', /is no report of this probe/],
  ])('%s is refused in one line', async (_what, text, message) => {
    const file = join(folder, 'baseline.json')
    await rm(file, { force: true })
    if (text !== undefined) await writeFile(file, text)
    await expect(readBaseline(file)).rejects.toThrow(message)
  })
})

it('a form that is unknown is refused', () => {
  expect(() => formsOf('json,pdf')).toThrow('unknown report "pdf": use json, sarif, junit, html')
})
