import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { notebookNames, notebooksFolder } from './headless/all-notebooks.ts'
import { differences } from './headless/differences.ts'
import { readNotebook } from './headless/notebook-file.ts'
import { runNotebook } from './headless/run-notebook.ts'

/** Keycloak 26.7 can ask nobody about one action: docs/parity.md says what p09 does there. */
const embeddedOnly = ['09-approved-action.ipynb']
const names = (await notebookNames()).filter((name) => !embeddedOnly.includes(name))

// One at a time: the attacks of one would change the accounts of another.
test.each(names)('%s comes out on the real stack as it is committed', async (name) => {
  vi.stubEnv('STACK', 'real')
  const path = join(notebooksFolder, name)
  expect(differences(await readNotebook(path), await runNotebook(path))).toEqual([])
})
