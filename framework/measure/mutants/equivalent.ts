const access = 'framework/contract/presets/access-token.ts'
const proof = 'framework/contract/presets/dpop-proof.ts'

const joseFirst = 'jose refuses a proof without a public key, or with a private one, before this is asked'
const bothSayIt = 'the IdP signs no token of which header and claim say different things'
const onlyFaster =
  'what is remembered as harmless is looked through once; looked through again it is the same'
const sameSchema = 'a schema that is made once more is the same schema'
const noIdleBlanks = 'oidc-provider refuses blanks that separate nothing, and leaves an empty scope out'
const sparesTheProcessor = 'the file is looked at more often or less, and what is found is the same'
const bothOrNeither = 'the expression finds both or neither'
const valueIsCondition =
  'the condition is the value itself: where it is undefined, so is what the rule would give'

/** Mutants that change nothing that anybody could see, by name, with the reason. Everything else has to be noticed. */
export const equivalent: Readonly<Record<string, string>> = {
  'patterns/p09-approved-action/service-auth.ts: approvedBy && { approvedBy } → { approvedBy }':
    'nobody who approved is nobody',
  [`${access}: 'iat', → ∅`]: 'jose requires `iat` by itself, because `maxTokenAge` needs it',
  [`${access}: audience !== undefined && audienceIn === 'aud' → audienceIn === 'aud'`]:
    'to jose an audience that is undefined is none',
  [`${access}: isRecord(at) && Object.hasOwn(at, key) → isRecord(at)`]:
    'nothing that an object inherits is the name of a role',
  [`${proof}: claimed !== undefined && claimed === normalized(service.baseUrl + new URL(request.url).pathname) → claimed === normalized(service.baseUrl + new URL(request.url).pathname)`]:
    'the URL of a service is a URL, so nothing that is undefined equals it',
  [`${proof}: service.proofKeys ?? new ProofKeys() → new ProofKeys()`]:
    'a key that is imported once more is the same key',
  'framework/contract/presets/agent-token.ts: signal && { signal } → { signal }':
    'a signal that is undefined is none',
  'framework/contract/presets/agent-token.ts: boundTo && { boundTo } → { boundTo }':
    'a key that is undefined is none',
  [`${proof}: !jwk || 'd' in jwk → false`]: joseFirst,
  [`${proof}: !jwk || 'd' in jwk → !jwk`]: joseFirst,
  [`${proof}: !jwk || 'd' in jwk → 'd' in jwk`]: joseFirst,
  'framework/parties/pdp/opa-server-pdp.ts: signal && { signal } → { signal }':
    'a signal that is undefined is none',
  'framework/parties/idp/approvals/approvals.ts: !user || !action → !action':
    'the user has been looked up before, as the subject of the hint',
  "framework/parties/idp/consent-page.ts: details?.prompt.name !== 'consent' || !details.session → details?.prompt.name !== 'consent'":
    'who is asked for a consent has signed in, so there is a session',
  "framework/parties/idp/keycloak-errors.ts: error === 'invalid_client' && ctx.status === 401 → ctx.status === 401":
    'oidc-provider answers 401 at the token endpoint to a client alone',
  'framework/parties/idp/logout.ts: !client → false':
    'oidc-provider validates no token without a client, and throws: a refusal as well',
  "framework/parties/idp/subject-token.ts: protectedHeader.typ === client?.tokenType && ['Bearer', 'DPoP'].includes(String(payload.typ)) → protectedHeader.typ === client?.tokenType":
    bothSayIt,
  "framework/parties/idp/subject-token.ts: protectedHeader.typ === client?.tokenType && ['Bearer', 'DPoP'].includes(String(payload.typ)) → ['Bearer', 'DPoP'].includes(String(payload.typ))":
    bothSayIt,
  "framework/parties/idp/token-exchange.ts: params.scope?.split(' ').filter(Boolean) → params.scope?.split(' ')":
    noIdleBlanks,
  "framework/parties/idp/workload-grant.ts: params.scope?.split(' ').filter(Boolean) → params.scope?.split(' ')":
    noIdleBlanks,
  "framework/parties/oauth-client/client-key.ts: key instanceof Uint8Array || key.type !== 'private' → key.type !== 'private'":
    'a key that is bytes has no type, and so is not private',
  'framework/parties/oauth-client/workload-token.ts: 10 → (10 * 10)': sparesTheProcessor,
  'framework/parties/oauth-client/workload-token.ts: await setTimeout(lookEvery) → ;': sparesTheProcessor,
  'framework/parties/oauth-client/token-endpoint.ts: error instanceof oauth.ResponseBodyError && error.status === 401 → error.status === 401':
    'no other error has a status',
  'framework/trace/recorder/redact.ts: scheme && credentials → scheme': bothOrNeither,
  'framework/trace/recorder/redact.ts: scheme && credentials → credentials': bothOrNeither,
  'framework/trace/recorder/redact.ts: 100 → (100 * 10)': onlyFaster,
  'framework/trace/recorder/redact.ts: 1000 → (1000 * 10)': onlyFaster,
  'framework/trace/recorder/redact.ts: this.#harmless.has(text) → false': onlyFaster,
  'framework/trace/recorder/redact.ts: shown === text && text.length <= harmlessUpTo && this.#harmless.size < harmlessAtMost → false':
    onlyFaster,
  'framework/trace/recorder/redact.ts: shown === text && text.length <= harmlessUpTo && this.#harmless.size < harmlessAtMost → shown === text && text.length <= harmlessUpTo':
    onlyFaster,
  'framework/trace/recorder/redact.ts: shown === text && text.length <= harmlessUpTo → shown === text':
    onlyFaster,
  'services/expenses/app.ts: owner && rows.length === 0 → rows.length === 0':
    'no expense is ever removed, so all of them together are never none',
  'services/expenses/app.ts: !(error instanceof AuthError) || error.status !== 403 → error.status !== 403':
    'only a refusal has the status 403',
  'framework/contract/verified-tokens.ts: throw error → ;':
    'the verification that then follows asks for the key again, and throws the same',
  'services/mcp/tool-server.ts: ...standard, → ∅': 'the SDK reads neither vendor nor version',
  'services/mcp/tool-server.ts: output: madeOnce(output) → ∅': 'no tool declares a schema of its output',
  'services/mcp/tool-server.ts: jsonSchema: { input: madeOnce(input), output: madeOnce(output) }, → ∅':
    sameSchema,
  'services/mcp/tool-server.ts: made.get(options.target) ?? make(options) → make(options)': sameSchema,
  'services/mcp/tool-server.ts: made.set(options.target, schema) → ;': sameSchema,
  'services/mcp/ended-session.ts: !isStream → false':
    'an answer that is passed on by parts is the same answer',
  'services/mcp/ended-session.ts: !response.body → false': 'the answer to a tool call has a body',
  "services/mcp/send.ts: 'unavailable' in first || !first.challenge → !first.challenge":
    'what is no answer has no challenge',
  "services/mcp/send.ts: challenge && parameter === 'error' && value → challenge && parameter === 'error'":
    'an error without a value is none',
  "services/shared/write-record.ts: error instanceof AuthError && error.code === 'audit_unavailable' → error.code === 'audit_unavailable'":
    'no other error has this code',
  'opa/agents.rego: flaw → true': valueIsCondition,
  'opa/gate.rego: request.flaw → true': valueIsCondition,
  'opa/scope.rego: request.flaw → true': valueIsCondition,
  'opa/relationships.rego: request.flaw → true': valueIsCondition,
}
