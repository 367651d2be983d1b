import type { ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'

/** Nothing in the file can run or load anything, whatever a model or a person wrote into a run. */
const policy = "default-src 'none'; style-src 'unsafe-inline'"

/**
 * A view as one HTML file that opens without a server: the same components and styles as on the page, and no script.
 * @param view needs no query and no handler: it is drawn once
 */
export function pageFile(title: string, view: ReactNode): string {
  const heading = document.createElement('title')
  heading.textContent = title
  const rules = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules])
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${heading.outerHTML}
<style>
${rules.map(({ cssText }) => cssText).join('\n')}
</style>
</head>
<body><main class="stack">${markupOf(view)}</main></body>
</html>
`
}

function markupOf(view: ReactNode): string {
  const place = document.createElement('div')
  const root = createRoot(place)
  try {
    flushSync(() => root.render(view))
    return place.innerHTML
  } finally {
    root.unmount()
  }
}

/** Gives a text to the browser to save. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/html' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
