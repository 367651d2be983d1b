import type { NativeProgram } from './native-program.ts'

/** The common part of the programs in docs/probe/python: one environment with FastMCP and its neighbours, pinned. */
export const python = (file: string) =>
  ({
    folder: 'docs/probe/python',
    needs: { Python: { version: ['python3', '-c', 'import venv'], at: 'https://www.python.org/downloads/' } },
    dependencyFiles: ['requirements.txt'],
    install: [
      ['python3', '-m', 'venv', '{deps}/venv'],
      ['{deps}/venv/bin/pip', 'install', '--quiet', '--require-hashes', '-r', 'requirements.txt'],
    ],
    build: [],
    start: ['{deps}/venv/bin/python', file],
  }) as const satisfies Partial<NativeProgram>
