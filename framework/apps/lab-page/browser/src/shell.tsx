import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import { Attacks } from './attacks/attacks.tsx'
import { Audit } from './audit/audit.tsx'
import { api } from './client.ts'
import { Code } from './code/code.tsx'
import { CopyPage } from './code/copy-page.tsx'
import { Ladder } from './ladder/ladder.tsx'
import { Run } from './run/run.tsx'

const parts = [
  ['ladder', 'Ladder'],
  ['run', 'Run'],
  ['attacks', 'Attacks'],
  ['code', 'Code'],
  ['audit', 'Audit'],
] as const

/** The frame around the parts: where one is, and the session. */
export function Shell() {
  const [path] = useLocation()
  const part = path.split('/')[1] ?? ''
  const title = parts.find(([name]) => name === part)?.[1] ?? 'Ladder'
  useEffect(() => {
    document.title = `${title} – Agent Auth Lab`
  }, [title])
  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header className="top">
        <Link href="/ladder" className="brand">
          <Mark />
          <span>Agent Auth Lab</span>
        </Link>
        <nav aria-label="Parts">
          {parts.map(([name, label]) => (
            <Link key={name} href={`/${name}`} aria-current={part === name ? 'page' : undefined}>
              {label}
            </Link>
          ))}
        </nav>
        <Session />
      </header>
      <main id="main" tabIndex={-1}>
        <Switch>
          <Route path="/ladder/:pattern?">{({ pattern }) => <Ladder chosen={pattern} />}</Route>
          <Route path="/run/:pattern?">{({ pattern }) => <Run key={pattern} chosen={pattern} />}</Route>
          <Route path="/attacks/:pattern?">
            {({ pattern }) => <Attacks key={pattern} chosen={pattern} />}
          </Route>
          <Route path="/code/:pattern/copy">
            {({ pattern }) => <CopyPage key={pattern} chosen={pattern} />}
          </Route>
          <Route path="/code/:pattern?">{({ pattern }) => <Code key={pattern} chosen={pattern} />}</Route>
          <Route path="/audit">
            <Audit />
          </Route>
          <Route>
            <Redirect to="/ladder" replace />
          </Route>
        </Switch>
      </main>
    </>
  )
}

function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
      <path
        d="M2 21h6v-5h6v-5h6V5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinejoin="round"
      />
    </svg>
  )
}

type Theme = 'system' | 'light' | 'dark'

/** Colours, a link for another browser, and the way out. */
function Session() {
  const queries = useQueryClient()
  const [theme, setTheme] = useState<Theme>('system')
  const [link, setLink] = useState('')
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }, [theme])
  const leave = async () => {
    await api.leave()
    await queries.resetQueries()
  }
  return (
    <details className="session">
      <summary>Session</summary>
      <div className="card">
        <label>
          Colours
          <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
            <option value="system">as the system</option>
            <option value="light">light</option>
            <option value="dark">dark</option>
          </select>
        </label>
        <button type="button" onClick={async () => setLink((await api.link()).url)}>
          Link for another browser
        </button>
        {link && (
          <p className="soft small">
            Works once, on this machine: <code className="breaks">{link}</code>
          </p>
        )}
        <button type="button" onClick={() => void leave()}>
          End this session
        </button>
        <p className="soft small">
          This browser has running patterns and data of its own. It ends after 30 minutes without use.
        </p>
      </div>
    </details>
  )
}
