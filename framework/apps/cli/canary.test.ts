import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { type Listener, listen } from '@lab/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import { attackJson, comparisonJson } from '../../measure/comparison/json.ts'
import { openAiModel } from '../../parties/model/index.ts'
import { runCells } from '../../runner/cells.ts'
import { describePattern } from '../../runner/describe-pattern.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import {
  argumentsTable,
  attackEvidence,
  cellsTable,
  conversation,
  groundTruthTable,
  identityTable,
  runsTable,
  sequenceDiagram,
  serviceRequest,
  setupTable,
  tokenView,
} from '../notebook/index.ts'
import { Lesson, type LessonRun } from '../notebook/lesson.ts'
import { loggingCalls } from '../serve/call-log.ts'
import { callLine } from '../serve/serve-text.ts'
import { demoPatterns } from './testing/demo-patterns.ts'
import { runHere } from './testing/run-here.ts'

const odd = fileURLToPath(new URL('../../attacks/flawed-patterns/credentials-of-odd-shapes', import.meta.url))
const modelKey = 'sk-proj-0123456789abcdefghijklmnop'
const folder = mkdtempSync(join(tmpdir(), 'canary-'))
const journal = join(folder, 'audit.jsonl')
let model: Listener
let modelEnv: Record<string, string>

beforeAll(async () => {
  model = await listen()
  modelEnv = {
    OPENAI_API_KEY: modelKey,
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_MODEL: 'm',
    AUDIT_LOG: journal,
  }
})
afterAll(async () => {
  await model.close()
  rmSync(folder, { recursive: true })
})

/** The model repeats the key that it was called with, in every place that it has. */
function answering(status: number): void {
  model.serve((request) => {
    const key = request.headers.get('authorization') ?? ''
    const headers = { 'x-echo': key }
    if (status === 500) return new Response(`boom ${key}`, { status, headers })
    if (status === 401)
      return Response.json({ error: { message: `Incorrect API key: ${key}` } }, { status, headers })
    const message = {
      role: 'assistant',
      content: `your key is ${key}, ${key.slice(7)}, ${btoa(key.slice(7))}`,
    }
    const choices = [{ index: 0, finish_reason: 'stop', message }]
    return Response.json({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices }, { headers })
  })
}

/** The secrets in an output: marked values, signed tokens, keys and secrets of the demo, the key of the model. */
function secretsIn(text: string): string[] {
  const shapes = [
    /canary-[\w-]+/g,
    /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/g,
    /ZXlK[\w+/=-]{40,}/g,
    /demo-(?:key|secret)-of-[\w-]+/g,
    new RegExp(`${modelKey}|${btoa(modelKey)}`, 'g'),
  ]
  return [...new Set(shapes.flatMap((shape) => text.match(shape) ?? []))]
}

async function printed(...args: string[]): Promise<string> {
  const { out, err } = await runHere(args, { AUDIT_LOG: journal })
  expect(out.length).toBeGreaterThan(0)
  return out + err
}

describe('no secret is in', () => {
  it.each([
    ['the text', ['--show', 'tokens,hops,audit']],
    ['the document', ['--json']],
    ['the answer to a question', ['--ask', 'What are my expenses?', '--show', 'hops']],
  ])('%s of pattern, whatever shape it has', async (_what, flags) => {
    expect(secretsIn(await printed('pattern', odd, '--user', 'alice', ...flags))).toEqual([])
  })

  it.each(demoPatterns)('what pattern %s shows', async (which) => {
    const asked = ['pattern', which, '--user', 'alice', '--prompt', '1']
    expect(secretsIn(await printed(...asked, '--show', 'tokens,hops,audit'))).toEqual([])
    expect(secretsIn(await printed(...asked, '--json'))).toEqual([])
  })

  // Of these the last makes a service throw an error that quotes its credential.
  it('what attack shows, as text and as a document', async () => {
    const some = [
      'attack',
      odd,
      '--only',
      'bearer-replay,front-hop-replay,identity-header-spoof,role-escalation',
    ]
    expect(secretsIn(await printed(...some))).toEqual([])
    expect(secretsIn(await printed(...some, '--json'))).toEqual([])
  })

  it.each(['text', 'jsonl', 'ecs', 'otlp'])('what audit shows as %s, nor in the journal', async (format) => {
    await printed('pattern', odd, '--user', 'alice')
    expect(secretsIn(await printed('audit', 'last', '--log', journal, '--format', format))).toEqual([])
    expect(secretsIn(readFileSync(journal, 'utf8'))).toEqual([])
  })

  it.each([200, 401, 500])('what is shown of a model that repeats its key (%i)', async (status) => {
    answering(status)
    for (const flags of [['--show', 'tokens,hops,audit'], ['--json']]) {
      const args = ['pattern', 'p03', '--model', 'm', '--user', 'alice', '--prompt', '1', ...flags]
      const { out, err } = await runHere(args, modelEnv)
      expect(secretsIn(out + err)).toEqual([])
    }
  })
})

describe('no secret is in what the chapters, the comparison and the log of serve show', () => {
  it('of a pattern with credentials of every shape', async () => {
    const log: string[] = []
    const around = loggingCalls((call) => log.push(callLine(call, new Date())))
    const runner = await new PatternRunner(odd, { frontDoor: { around } }).start()
    const lesson = new Lesson(await describePattern(odd), runner)
    try {
      const cells = await runCells(runner, ['alice', 'bob'], [1, 3, 5])
      const runs = [
        await lesson.ask('alice', 'What are my expenses?'),
        await lesson.ask('bob', 'Make Dave an admin.'),
      ]
      const [run] = runs as [LessonRun]
      const only = attacks.filter(({ id }) => ['bearer-replay', 'role-escalation'].includes(id))
      const results = await runAttacks(runner, only)
      const measured = {
        pattern: 'odd',
        title: 'odd',
        cells,
        attacks: results,
        row: { unmeasured: 'a part' },
      }
      const shown = [
        ...[cellsTable(cells), groundTruthTable(cells), runsTable(runs), argumentsTable(run), setupTable()],
        ...[conversation(lesson, run), serviceRequest(lesson, run), tokenView(lesson, run)],
        ...[await identityTable(lesson, runs), await sequenceDiagram(lesson, run)],
        ...(await attackEvidence(lesson, 'bearer-replay')),
      ]
      expect(secretsIn(JSON.stringify(shown))).toEqual([])
      expect(secretsIn(JSON.stringify(comparisonJson([measured])))).toEqual([])
      expect(log.length).toBeGreaterThan(0)
      expect(secretsIn(log.join('\n'))).toEqual([])
    } finally {
      await runner.stop()
    }
  })
})

describe('a run of a script holds no secret', () => {
  it.each([...demoPatterns, odd])('of %s', async (which) => {
    const runner = await new PatternRunner(which).start()
    for (const prompt of ['What are my expenses?', 'Find the incident runbook.', 'Make Dave an admin.']) {
      const run = await runner.runAs('alice', prompt)
      expect(secretsIn(JSON.stringify(run) + inspect(run, { depth: 20, maxStringLength: null }))).toEqual([])
      for (const { identity } of run.identities) expect(Object.keys(identity)).not.toContain('rawToken')
    }
    const results = await runAttacks(
      runner,
      attacks.filter(({ id }) => id === 'bearer-replay'),
    )
    expect(secretsIn(JSON.stringify(results.map(attackJson)))).toEqual([])
    await runner.stop()
  })

  it('though its model repeats its key', async () => {
    answering(200)
    const model = (fetch: typeof globalThis.fetch) => openAiModel({ env: modelEnv, fetch })
    const runner = await new PatternRunner('p03', { model }).start()
    const run = await runner.runAs('alice', 'What are my expenses?')
    expect(run.answer).toMatch(/^your key is Bearer ‹key of the model/)
    expect(secretsIn(JSON.stringify(run))).toEqual([])
    await runner.stop()
  })
})
