/**
 * A Swagger UI plugin: what is not a success is told as a sentence, and the answer itself stands folded below it.
 * @param {object} page
 * @param {() => string} page.who
 * @param {Readonly<Record<string, string>>} page.advice by the error's code
 */
export function refusalsAsSentences({ who, advice }) {
  return () => ({
    wrapComponents: {
      liveResponse:
        (/** @type {any} */ Original, /** @type {any} */ { React }) =>
        (/** @type {any} */ props) => {
          const { response, path, method, specSelectors } = props
          const status = response.get('status')
          const answer = React.createElement(Original, props)
          if (status >= 200 && status < 300) return answer
          const summary = specSelectors.specJson().getIn(['paths', path, method, 'summary'])
          const sentence = inWords({ who: who(), summary, status, body: response.get('text'), advice })
          return React.createElement(
            'div',
            { className: 'refusal' },
            React.createElement('p', { role: 'alert' }, sentence),
            React.createElement(
              'details',
              {},
              React.createElement('summary', {}, 'What the service answered'),
              answer,
            ),
          )
        },
    },
  })
}

/**
 * @param {{ who: string, summary: string, status?: number, body?: string, advice: Readonly<Record<string, string>> }} refusal
 */
function inWords({ who, summary, status, body, advice }) {
  const operation = `“${summary}”`
  if (!status) return `${operation} got no answer: the service is not there, or takes no calls of this page.`
  const { error, reason } = JSON.parse(body ?? '')
  return [`${verdict(status, who, operation)}: ${reason}.`, advice[error]].filter(Boolean).join(' ')
}

/**
 * @param {number} status
 * @param {string} who
 * @param {string} operation
 */
function verdict(status, who, operation) {
  if (status === 401) return `${operation} was refused`
  if (status === 403) return `${who} may not do ${operation}`
  if (status === 503) return `${operation} could not be decided, so it was not done`
  return `${operation} was not done`
}
