import type { Language } from '../language.ts'

export const python: Language = {
  name: 'Python',
  folder: 'docs/take-home/python',
  libraries: 'FastAPI, joserfc',
  source: /\.py$/,
  needs: {
    Python: { version: ['python3', '-c', 'import venv'], at: 'https://www.python.org/downloads/' },
  },
  dependencyFiles: ['requirements.txt'],
  install: [
    ['python3', '-m', 'venv', '{deps}/venv'],
    ['{deps}/venv/bin/pip', 'install', '--quiet', '--require-hashes', '-r', 'requirements.txt'],
  ],
  build: [['{deps}/venv/bin/python', '-m', 'compileall', '-q', '.']],
  start: ['{deps}/venv/bin/python', 'service.py'],
  mistakes: [
    {
      what: 'no audience',
      file: 'patterns.py',
      from: 'token_from(request.authorization, "Bearer"), AUDIENCE)',
      to: 'token_from(request.authorization, "Bearer"))',
      pattern: 'p06',
      noticedBy: 'misaddressed-token',
    },
    {
      what: 'a proof counts twice',
      file: 'dpop_proof.py',
      from: '    if key in _seen:\n        return False\n',
      to: '',
      pattern: 'p08',
      noticedBy: 'dpop-replayed-jti',
    },
  ],
}
