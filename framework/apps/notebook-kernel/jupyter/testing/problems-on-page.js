/**
 * The things on a rendered page that a reader cannot read: text outside of its picture or its box, an output that is
 * wider than its place, code in a proportional font, a colour that the page's background swallows. It runs in the
 * browser, after everything that is folded was opened.
 * @returns {string[]}
 */
function problemsOnPage() {
  const tolerance = 1
  const leastContrast = 3
  for (const details of document.querySelectorAll('details')) details.open = true
  const outputs = [...document.querySelectorAll('.jp-OutputArea-output')]
  const within = (selector) => outputs.flatMap((output) => [...output.querySelectorAll(selector)])

  // A picture in an image cannot be looked into: it is put onto the page, in the size that the image has.
  for (const image of within('img[src^="data:image/svg+xml"]')) {
    const bytes = Uint8Array.from(atob(image.src.split(',')[1]), (character) => character.charCodeAt(0))
    const { documentElement: svg } = new DOMParser().parseFromString(
      new TextDecoder().decode(bytes),
      'image/svg+xml',
    )
    const { width, height } = image.getBoundingClientRect()
    svg.setAttribute('width', width)
    svg.setAttribute('height', height)
    image.replaceWith(svg)
  }

  const isInside = (inner, outer) =>
    inner.left >= outer.left - tolerance &&
    inner.right <= outer.right + tolerance &&
    inner.top >= outer.top - tolerance &&
    inner.bottom <= outer.bottom + tolerance

  const ofPicture = (svg) => {
    const sheet = svg.getBoundingClientRect()
    const place = svg.closest('.jp-OutputArea-output').getBoundingClientRect()
    const texts = [...svg.querySelectorAll('text')].flatMap((text) => {
      const { previousElementSibling: before } = text
      const around = before?.tagName === 'rect' ? before.getBoundingClientRect() : sheet
      const box = text.getBoundingClientRect()
      return isInside(box, sheet) && isInside(box, around) ? [] : [`"${text.textContent}" leaves its place`]
    })
    return sheet.right <= place.right + tolerance ? texts : [...texts, 'a picture is wider than its place']
  }

  const ofOutput = ({ scrollWidth, clientWidth, textContent }) =>
    scrollWidth > clientWidth + tolerance
      ? [`an output is ${scrollWidth} px wide in ${clientWidth} px: ${textContent.slice(0, 60)}`]
      : []

  const ofCode = (code) => {
    const { fontFamily } = getComputedStyle(code)
    return /mono/i.test(fontFamily) ? [] : [`code is set in ${fontFamily}: ${code.textContent.slice(0, 40)}`]
  }

  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\d.]+/g).map((value) => {
      const part = Number(value) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const background = luminance(getComputedStyle(document.body).backgroundColor)
  const ofColour = (span) => {
    const { color } = getComputedStyle(span)
    const [light, dark] = [background, luminance(color)].sort((a, b) => b - a)
    const contrast = (light + 0.05) / (dark + 0.05)
    return contrast < leastContrast ? [`the contrast of ${color} is ${contrast.toFixed(1)}`] : []
  }

  return [
    ...within('svg').flatMap(ofPicture),
    ...outputs.flatMap(ofOutput),
    ...within('pre code').flatMap(ofCode),
    ...new Set(within('pre code span[style*="color:#"]').flatMap(ofColour)),
  ]
}

problemsOnPage()
