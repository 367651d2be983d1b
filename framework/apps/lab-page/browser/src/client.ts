import { hc } from 'hono/client'
import type { PageApi } from '../../api.ts'
import type { CopyFiles } from '../../copy/copies.ts'
import type { Refusal } from '../../guard.ts'

/** The routes of the page, typed. The header marks a request as the page's own. */
const client = hc<PageApi>('/api', { headers: { 'x-lab-page': '1' } })

/** A refusal of the server, in its own sentence. */
export class Refused extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface Answer {
  readonly ok: boolean
  json(): Promise<unknown>
}

/** The content of a response, where it is no refusal. */
type Content<Response extends Answer> = Exclude<Awaited<ReturnType<Response['json']>>, Refusal>

/** The answer's content. @throws {Refused} in the server's words, or in ours where no answer came */
async function answered<Response extends Answer>(asking: Promise<Response>): Promise<Content<Response>> {
  const answer = await asking.catch(() => {
    throw new Refused('no_answer', 'The server does not answer. Is it still running in the terminal?')
  })
  const content = await answer.json()
  if (answer.ok) return content as Content<Response>
  const { code, message } = content as Refusal
  throw new Refused(code, message)
}

export const api = {
  enter: (token: string) => answered(client.session.$post({ json: { token } })),
  leave: () => answered(client.session.end.$post()),
  lab: () => answered(client.lab.$get()),
  link: () => answered(client.links.$post()),
  run: (json: { pattern: string; user: string; prompt: string }) => answered(client.runs.$post({ json })),
  attack: (pattern: string, ids: string[]) => answered(client.attacks.$post({ json: { pattern, ids } })),
  outcomes: () => answered(client.attacks.$get()),
  results: (pattern: string) => answered(client.attacks[':pattern'].$get({ param: { pattern } })),
  result: (pattern: string, id: string) =>
    answered(client.attacks[':pattern'][':id'].$get({ param: { pattern, id } })),
  code: (pattern: string) => answered(client.code[':pattern'].$get({ param: { pattern } })),
  diff: (from: string, to: string) => answered(client.diff[':from'][':to'].$get({ param: { from, to } })),
  copy: (pattern: string) => answered(client.copies[':pattern'].$get({ param: { pattern } })),
  makeCopy: (pattern: string) => answered(client.copies[':pattern'].$post({ param: { pattern } })),
  saveCopy: (pattern: string, version: number, files: CopyFiles) =>
    answered(client.copies[':pattern'].save.$post({ param: { pattern }, json: { version, files } })),
  runCopy: (pattern: string, version: number) =>
    answered(client.copies[':pattern'].run.$post({ param: { pattern }, json: { version } })),
  stopCopy: (pattern: string) => answered(client.copies[':pattern'].stop.$post({ param: { pattern } })),
  keepCopy: (pattern: string, version: number, name: string) =>
    answered(client.copies[':pattern'].folder.$post({ param: { pattern }, json: { version, name } })),
  events: () => answered(client.audit.$get()),
}

export type Lab = Awaited<ReturnType<typeof api.lab>>
export type Pattern = Lab['patterns'][number]
export type Outcome = Awaited<ReturnType<typeof api.outcomes>>[number]
export type Evidence = Awaited<ReturnType<typeof api.results>>[number]
export type CodeFile = Awaited<ReturnType<typeof api.code>>[number]
export type Copy = NonNullable<Awaited<ReturnType<typeof api.copy>>['copy']>
export type { CopyFiles }
export type Event = Awaited<ReturnType<typeof api.events>>[number]

/**
 * Listens to a job until it is over.
 * @returns ends the listening
 */
export function listenTo(
  job: string,
  on: { readonly [name: string]: (data: never) => void } & {
    readonly failed: (data: { message: string }) => void
  },
): () => void {
  const source = new EventSource(`/api/jobs/${job}`)
  for (const [name, tell] of Object.entries(on)) {
    source.addEventListener(name, (event) => {
      if (name === 'done' || name === 'failed') source.close()
      tell(JSON.parse(event.data) as never)
    })
  }
  source.onerror = () => {
    source.close()
    on.failed({ message: 'The server does not answer. Is it still running in the terminal?' })
  }
  return () => source.close()
}
