import { writeFile } from 'node:fs/promises'
import { UserError } from '../../process/user-error.ts'

/** A target with all that most servers need; the rest is in docs/probe.md. */
const starter = `# Describes your server for the probe. Run it with: pnpm run probe probe.yaml --as-issuer
url: http://127.0.0.1:8000/mcp

# A tool that is harmless to call. Without it the target is an HTTP API, and "method" and "body" say what is sent.
tool: list_rows
arguments: {}

# The audience that your server demands; default: the URL. The scopes that the call needs.
# audience: rows-api
scope: read

# For each of two users a text that stands in their honest answer and in no refusal. With tokens of your own IdP:
# token: "@alice.jwt", and run without --as-issuer.
users:
  alice: { expect: { text: rows of alice } }
  dave: { expect: { text: rows of dave } }
`

/** @throws {UserError} where the file is there already */
export async function writeStarter(file: string): Promise<void> {
  await writeFile(file, starter, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is there already' : `cannot be written (${error.code})`
    throw new UserError(`${file} ${why}: name another file`)
  })
}
