/** A request or an answer as it was on the wire: headers, one a line, and the body. */
export function Message(props: {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}) {
  const { headers, body } = props
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area is reached by keyboard so
    <pre tabIndex={0}>
      {headers.map(([name, value]) => (
        <span key={name} className="line">
          <b>{name}:</b> {value}
        </span>
      ))}
      {body && <span className="line body">{body}</span>}
    </pre>
  )
}
