import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { newTraceparent } from '@lab/contract'
import { listen } from '@lab/services'
import { scriptedModelName, scriptedServer } from '../../parties/model/scripted-server.ts'
import { projectFolder } from '../../process/folders.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import { isService } from '../../trace/audit/records.ts'
import type { Language } from './language.ts'
import { python } from './languages/python.ts'

/** The agents of docs/take-home/agents: installed as a language's service is, and run one prompt at a time. */
export const agents: Language = {
  ...python,
  name: 'Agents in Python',
  folder: 'docs/take-home/agents',
  libraries: 'LangGraph, OpenAI Agents SDK',
  build: [],
  start: [],
  mistakes: [],
}

const files = ['langgraph_agent.py', 'openai_agent.py'] as const

/** Each with what comes of it on p06, where roles decide: served as this user, or refused. */
const tasks = [
  { user: 'alice', prompt: 'What are my expenses?', served: true },
  { user: 'bob', prompt: 'Approve expense 103.', served: true },
  { user: 'dave', prompt: 'Make Dave an admin.', served: false },
] as const

/** One agent may take so long for a prompt, in ms: Python loads its libraries each time. */
const limit = 120_000

/**
 * Runs each agent against p06, with the scripted model, under the token of each user and without one.
 * @param deps the folder in which its libraries are installed
 * @returns what is not as it should be
 */
export async function runAgents(deps: string): Promise<string[]> {
  const runner = await new PatternRunner('p06').start()
  const model = await listen()
  model.serve(scriptedServer.fetch)
  const findings: string[] = []
  try {
    for (const file of files) {
      const ask = async (user: string | undefined, prompt: string) => {
        runner.resetData()
        const before = runner.audit.length
        const token = user && (await runner.stack.sessions.accessTokenOf(user, newTraceparent()))
        const env = {
          MCP_URL: runner.stack.mcpUrl,
          TOKEN: token ?? 'none',
          OPENAI_BASE_URL: `${model.url}/v1`,
        }
        const code = await run(deps, file, prompt, env)
        return { code, records: runner.audit.slice(before) }
      }
      for (const { user, prompt, served } of tasks) {
        const { code, records } = await ask(user, prompt)
        const byServices = records.filter(isService)
        const right = served
          ? byServices.some((record) => record.decision === 'allow' && record.user === user)
          : records.some(({ decision }) => decision === 'deny') && byServices.length === 0
        if (code !== 0 || !right)
          findings.push(
            `${file}: ${user}'s "${prompt}" was not ${served ? 'served' : 'refused'} (exit ${code})`,
          )
      }
      const { code, records } = await ask(undefined, tasks[0].prompt)
      if (code === 0 || records.some(isService)) findings.push(`${file} got somewhere without a token`)
    }
  } finally {
    await model.close()
    await runner.stop()
  }
  return findings
}

/** @returns its exit code; null where it had to be ended */
function run(
  deps: string,
  file: string,
  prompt: string,
  env: Record<string, string>,
): Promise<number | null> {
  const script = join(projectFolder, 'docs/take-home/agents', file)
  const child = spawn(join(deps, 'venv/bin/python'), [script, prompt], {
    env: { PATH: process.env.PATH, ...env, OPENAI_API_KEY: 'none', MODEL: scriptedModelName },
    stdio: 'ignore',
    timeout: limit,
    killSignal: 'SIGKILL',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
}
