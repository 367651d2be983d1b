import { useQuery } from '@tanstack/react-query'
import { api, Refused } from './client.ts'
import { LabContext } from './lab-context.ts'
import { Shell } from './shell.tsx'

/** The token of a link, which is gone from the address once it was used. */
function takeToken(): string | undefined {
  const [, token] = /^#([\w-]{32})$/.exec(location.hash) ?? []
  if (token) history.replaceState(null, '', '/#/')
  return token
}

async function enter() {
  const token = takeToken()
  // A link that was used may be opened again in the browser that used it.
  const refused = token
    ? await api.enter(token).then(
        () => undefined,
        (error: Error) => error,
      )
    : undefined
  return api.lab().catch((error: Error) => {
    throw refused ?? error
  })
}

/** Exchanges the link for a session, and shows the page or the reason why there is none. */
export function Entrance() {
  const { data: lab, error } = useQuery({ queryKey: ['lab'], queryFn: enter })
  if (error) return <NoSession error={error} />
  if (!lab) return <p className="notice">Opening the lab…</p>
  return (
    <LabContext value={lab}>
      <Shell />
    </LabContext>
  )
}

function NoSession({ error }: { readonly error: Error }) {
  const isAway = error instanceof Refused && error.code === 'no_answer'
  return (
    <main className="notice">
      <h1>{isAway ? 'The lab is not running' : 'No session'}</h1>
      <p>{sentence(error.message)}</p>
      <p className="soft">
        Start it with <code>./lab page</code>, or press Enter in its terminal for a new link. Links work once.
      </p>
    </main>
  )
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`
}
