import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findJupyter } from './find-jupyter.ts'
import { registerKernel, userDataFolder } from './kernel-spec.ts'

describe('finding JupyterLab', () => {
  it.each([
    [['jupyter', 'uv'], 'jupyter lab', 'jupyter trust'],
    [['uvx', 'uv', 'pipx'], 'uvx --from jupyterlab jupyter-lab', 'uvx --from nbformat jupyter-trust'],
    [['uv'], 'uv tool run --from jupyterlab jupyter-lab', 'uv tool run --from nbformat jupyter-trust'],
    [['pipx'], 'pipx run --spec jupyterlab jupyter-lab', 'pipx run --spec nbformat jupyter-trust'],
  ])('with %s it is %s, and notebooks are trusted by %s', (there, command, trusting) => {
    const { program, args, trust } = findJupyter((name) => there.includes(name))
    expect([program, ...args].join(' ')).toBe(command)
    expect([program, ...trust].join(' ')).toBe(trusting)
  })

  it('says in one line what to install where there is nothing', () => {
    expect(() => findJupyter(() => false)).toThrow(
      /^JupyterLab is not here[^\n]+install uv[^\n]+VS Code[^\n]+$/,
    )
  })
})

describe('registering the kernel', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jupyter-data-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('writes a specification that starts this checkout by this Node', async () => {
    const written = await registerKernel(folder)
    const spec = JSON.parse(await readFile(join(written, 'kernel.json'), 'utf8'))
    const [node, program, connection] = spec.argv
    expect(written).toBe(join(folder, 'kernels', 'agent-auth-lab'))
    expect({ node, connection, isAbsolute: isAbsolute(program) }).toEqual({
      node: process.execPath,
      connection: '{connection_file}',
      isAbsolute: true,
    })
    expect(spec).toMatchObject({ language: 'typescript', interrupt_mode: 'signal' })
  })

  it.each([
    ['linux', {}, /\.local\/share\/jupyter$/],
    ['linux', { XDG_DATA_HOME: '/data' }, /^\/data\/jupyter$/],
    ['darwin', {}, /Library\/Jupyter$/],
    ['linux', { JUPYTER_DATA_DIR: '/mine' }, /^\/mine$/],
  ] as const)('finds the user’s folder on %s with %o', (platform, env, folder) => {
    expect(userDataFolder(env, platform)).toMatch(folder)
  })
})
