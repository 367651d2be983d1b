import { createHash } from 'node:crypto'
import { type Browser, chromium } from 'playwright-core'
import { chromiumOnThisMachine } from '../../../process/chromium.ts'
import { type Cell, type Notebook, type Output, textOf } from './notebook-file.ts'

const drawing = 'image/svg+xml'

/**
 * The form of a picture that JupyterLab shows before a notebook is trusted, when it shows no drawing. Others do not know
 * it, and show the drawing.
 */
export const still = 'image/webp'

/** Draws a picture. @returns it in base64 */
export type Draw = (svg: string) => Promise<string>

/**
 * The notebook with a still picture beside each drawing.
 * @param before the notebook as it was: what has not changed is not drawn again
 * @param draw undefined where this machine has no browser: then a picture that has changed is left out
 */
export async function withStillPictures(
  notebook: Notebook,
  before: Notebook,
  draw: Draw | undefined,
): Promise<Notebook> {
  const known = new Map(before.cells.flatMap(({ outputs = [] }) => outputs.flatMap(knownStill)))
  const cells: Cell[] = []
  for (const cell of notebook.cells) {
    const outputs: Output[] = []
    for (const output of cell.outputs ?? []) outputs.push(await withStill(output, known, draw))
    cells.push(cell.outputs ? { ...cell, outputs } : cell)
  }
  return { ...notebook, cells }
}

/** The fingerprint of the drawing that a still picture was made of, by which a stale one is found. */
export function madeOf(output: Output): unknown {
  if (output.output_type !== 'display_data' || !(still in output.data)) return undefined
  return (output.metadata[still] as { readonly madeOf?: unknown } | undefined)?.madeOf
}

/** The fingerprint of an output's drawing. */
export function drawingOf(output: Output): string | undefined {
  const svg = output.output_type === 'display_data' ? output.data[drawing] : undefined
  return svg && createHash('sha256').update(textOf(svg)).digest('base64url').slice(0, 16)
}

function knownStill(output: Output): [string, string][] {
  const print = drawingOf(output)
  if (output.output_type !== 'display_data' || !print || madeOf(output) !== print) return []
  return [[print, textOf(output.data[still] ?? '')]]
}

async function withStill(
  output: Output,
  known: ReadonlyMap<string, string>,
  draw: Draw | undefined,
): Promise<Output> {
  const print = drawingOf(output)
  if (output.output_type !== 'display_data' || !print) return output
  const { [still]: _picture, ...data } = output.data
  const { [still]: _made, ...metadata } = output.metadata
  const picture = known.get(print) ?? (await draw?.(textOf(data[drawing] ?? '')))
  if (!picture) return { ...output, data, metadata }
  return {
    ...output,
    data: { ...data, [still]: picture },
    metadata: { ...metadata, [still]: { madeOf: print } },
  }
}

/** Lends a browser's pen, where there is one, and closes the browser afterwards. */
export async function withPen<T>(work: (draw: Draw | undefined) => Promise<T>): Promise<T> {
  const executablePath = chromiumOnThisMachine()
  if (!executablePath) return work(undefined)
  let browser: Promise<Browser> | undefined
  const draw: Draw = async (svg) => {
    browser ??= chromium.launch({ executablePath })
    return drawn(await browser, svg)
  }
  try {
    return await work(draw)
  } finally {
    await (await browser)?.close()
  }
}

/** As wide as the drawing, and half as wide again: sharp on most screens, and small in the file. */
const scale = 1.5

/** Runs in the browser. */
const drawInBrowser = `async (svg, factor) => {
  const image = new Image()
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg)
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth * factor
  canvas.height = image.naturalHeight * factor
  const pen = canvas.getContext('2d')
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas.toDataURL('image/webp', 0.85)
}`

async function drawn(browser: Browser, svg: string): Promise<string> {
  const page = await browser.newPage()
  try {
    // The page has nothing but this drawing, and nothing is loaded from elsewhere.
    await page.route('**/*', (route) => route.abort())
    const url = String(await page.evaluate(`(${drawInBrowser})(${JSON.stringify(svg)}, ${scale})`))
    const [head, picture = ''] = url.split(',')
    if (head !== 'data:image/webp;base64') throw new Error(`the browser made ${head} of a drawing`)
    return picture
  } finally {
    await page.close()
  }
}
