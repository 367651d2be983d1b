import type { ReactNode } from 'react'
import type { Lab } from '../client.ts'
import { LabContext, useLab } from '../lab-context.ts'
import { download, pageFile } from './page-file.ts'

/** A button that saves a view as one HTML file, for a report, a slide or a pull request. */
export function Keep(props: {
  /** Of the file, without its ending. */
  readonly name: string
  readonly title: string
  readonly about: string
  readonly view: () => ReactNode
}) {
  const { name, title, about, view } = props
  const lab = useLab()
  const save = () =>
    download(`${name}.html`, pageFile(title, <Kept {...{ lab, title, about }}>{view()}</Kept>))
  return (
    <button type="button" onClick={save}>
      Keep as a file
    </button>
  )
}

function Kept(props: {
  readonly lab: Lab
  readonly title: string
  readonly about: string
  readonly children: ReactNode
}) {
  const { lab, title, about, children } = props
  const time = new Date().toISOString().slice(0, 16)
  return (
    <LabContext value={lab}>
      <header className="lead">
        <h1>{title}</h1>
        <p>
          {about} Kept from the page of Agent Auth Lab at{' '}
          <time dateTime={`${time}Z`}>{time.replace('T', ' ')}</time> UTC.
        </p>
      </header>
      {children}
    </LabContext>
  )
}
