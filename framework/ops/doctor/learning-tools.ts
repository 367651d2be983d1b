import { chromiumOnThisMachine } from '../../process/chromium.ts'
import { onPath } from '../../process/on-path.ts'
import { attempt, type Finding } from './finding.ts'

/** The needs of the notebooks, and of pages that are made into a PDF. */
export async function learningTools(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  return [jupyter(env), await chromium(env), pnpm(env)]
}

function jupyter({ PATH = '' }: NodeJS.ProcessEnv): Finding {
  const what = 'for notebooks: JupyterLab'
  const installed = onPath(['jupyter-lab'], PATH)
  if (installed) return { what, state: 'good', detail: installed }
  const fetching = onPath(['uvx', 'uv', 'pipx'], PATH)
  return fetching
    ? { what, state: 'good', detail: `is fetched with ${fetching} by pnpm run notebooks` }
    : {
        what,
        state: 'off',
        detail: 'is not installed; the committed notebooks can be read without it',
        remedy:
          'install uv (https://docs.astral.sh/uv) or pip install jupyterlab, or open notebooks/ in VS Code after pnpm run notebooks:kernel',
      }
}

async function chromium(env: NodeJS.ProcessEnv): Promise<Finding> {
  const what = 'for handout: Chromium'
  const found = await attempt(
    what,
    async () => chromiumOnThisMachine(env) ?? '',
    'correct CHROMIUM_PATH, or unset it',
  )
  if (found.state === 'bad' || found.detail) return found
  return { what, state: 'off', detail: 'is not installed; everything else does without it' }
}

function pnpm({ PATH = '' }: NodeJS.ProcessEnv): Finding {
  const found = onPath(['pnpm'], PATH)
  return {
    what: 'pnpm',
    state: found ? 'good' : 'off',
    detail: found ?? 'is not on the path; ./lab does without it',
  }
}
