import { spawnSync } from 'node:child_process'
import { UserError } from '@lab/framework'

/** A program that is there, with the arguments that make it JupyterLab, and those that make it `jupyter trust`. */
export interface Launcher {
  readonly program: string
  readonly args: readonly string[]
  readonly trust: readonly string[]
}

/** In this order: what is installed, then what fetches it into a cache of its own. */
const candidates: readonly (Launcher & { readonly probe: readonly string[] })[] = [
  { program: 'jupyter', probe: ['lab', '--version'], args: ['lab'], trust: ['trust'] },
  {
    program: 'uvx',
    probe: ['--version'],
    args: ['--from', 'jupyterlab', 'jupyter-lab'],
    trust: ['--from', 'nbformat', 'jupyter-trust'],
  },
  {
    program: 'uv',
    probe: ['--version'],
    args: ['tool', 'run', '--from', 'jupyterlab', 'jupyter-lab'],
    trust: ['tool', 'run', '--from', 'nbformat', 'jupyter-trust'],
  },
  {
    program: 'pipx',
    probe: ['--version'],
    args: ['run', '--spec', 'jupyterlab', 'jupyter-lab'],
    trust: ['run', '--spec', 'nbformat', 'jupyter-trust'],
  },
]

/**
 * Finds a way to start JupyterLab.
 * @param works whether a program runs with these arguments
 * @throws {UserError} where there is none
 */
export function findJupyter(works: (program: string, args: readonly string[]) => boolean = runs): Launcher {
  const found = candidates.find(({ program, probe }) => works(program, probe))
  if (found) return { program: found.program, args: found.args, trust: found.trust }
  throw new UserError(
    'JupyterLab is not here, and nothing that could fetch it: install uv (https://docs.astral.sh/uv) or JupyterLab ' +
      '(pip install jupyterlab), or open notebooks/ in VS Code after pnpm run notebooks:kernel',
  )
}

function runs(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}
