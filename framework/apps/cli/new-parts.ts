import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isVisible, visible } from '@lab/contract'
import { policyFolder } from '../../parties/pdp/policy-record.ts'
import { createFolder, isTaken } from '../../process/create-folder.ts'
import { lab } from '../../process/how-to-run.ts'
import { shellWord } from '../../process/shell-word.ts'
import { shortPath } from '../../process/short-path.ts'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'
import { completedRealm } from '../../scenario/own-realm/read-own-realm.ts'
import { defaultRealmFile } from '../../scenario/realm/index.ts'

/**
 * Creates a folder of Rego that starts as the policy of `opa/`, built already.
 * @throws {UserError} for a place that is taken or cannot be written
 */
export async function newPolicy(name: string): Promise<void> {
  const folder = await newPlace(name)
  const parts = readdirSync(policyFolder).filter((file) =>
    /\.rego$|^policy\.wasm|^data\.json$|^\.manifest$/.test(file),
  )
  await createFolder(folder, {
    ...Object.fromEntries(parts.map((file) => [file, readFileSync(join(policyFolder, file))])),
    'README.md': readme(folder),
  })
  const place = shellWord(shortPath(folder))
  say(`${visible(folder)} starts as the policy of opa/. Run it:`)
  for (const words of [`pattern p07 --policy ${place}`, `attack p07 --policy ${place}`])
    say(`  ${lab(words)}`)
  say(
    `A change of the Rego is compiled at the next start, by OPA; ${lab(`policy build ${place}`)} keeps what was built.`,
  )
}

/**
 * Creates a realm file: the lab's own, or an export of the person's with what the scenario needs.
 * @param from a Keycloak export; default: the realm of `keycloak/`
 * @throws {UserError} for a place that is taken or cannot be written, and for an export that cannot be completed
 */
export async function newRealm(name: string, from: string | undefined): Promise<void> {
  const file = await newPlace(name)
  const { text, changes } =
    from === undefined ? { text: readFileSync(defaultRealmFile, 'utf8'), changes: [] } : completed(from)
  await writeFile(file, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`cannot create ${visible(file)} (${error.code}): choose a place where you may write`)
  })
  for (const change of changes) say(`solved  ${visible(change)}`)
  const place = shellWord(shortPath(file))
  say(`${visible(file)} is a realm that the lab runs on. Run it:`)
  for (const words of [`pattern p07 --realm ${place}`, `attack p07 --realm ${place}`]) say(`  ${lab(words)}`)
}

function completed(from: string) {
  const { json, changes } = completedRealm(from, ['attack', 'consent', 'docs'])
  return { text: `${JSON.stringify(json, null, 2)}\n`, changes }
}

async function newPlace(name: string): Promise<string> {
  const place = resolve(name)
  if (name.trim() === '') throw new UserError('the name is empty: choose one, for example ./my-realm.json')
  if (!isVisible(place)) {
    throw new UserError(
      `cannot create ${visible(place)}: its path has invisible characters; choose another name`,
    )
  }
  if (await isTaken(place)) {
    throw new UserError(`cannot create ${visible(place)}: it exists already; choose another name`)
  }
  return place
}

function readme(folder: string): string {
  const place = shellWord(shortPath(folder))
  return `# A policy of your own

The lab asks four questions, each answered by a rule \`decisions\`: one \`{ allow, rule, reason }\` for each resource.

| package                   | who asks                             |
| ------------------------- | ------------------------------------ |
| \`agentauth.gate\`          | the MCP server, before a call leaves |
| \`agentauth.scope\`         | the services, p06                    |
| \`agentauth.relationships\` | the services, p07 and p08            |
| \`agentauth.agents\`        | the services, of an agent alone      |

\`input\` is the question: subject, actors, scopes, action, resources. \`data.users\` and \`data.delegates\` come from the
realm in use; other keys of \`data.json\` are yours. A caller without a user must be refused.

\`\`\`sh
pnpm run pattern p07 --policy ${place}
pnpm run attack p07 --policy ${place}
pnpm run policy build ${place}     # writes policy.wasm and the bundle, by OPA
opa test --bundle ${place}
opa run --server --addr 127.0.0.1:8181 --bundle ${place}     # then: --policy ${place} --pdp opa
\`\`\`
`
}
