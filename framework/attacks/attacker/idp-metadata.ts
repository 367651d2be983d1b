import { newTraceparent } from '@lab/contract'
import { discover } from '../../parties/oauth-client/discovery.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'

/** The IdP's endpoints, as anybody can look them up. */
export async function idpMetadata({ stack: { idp, recorder } }: PatternRunner) {
  const transport = { fetch: recorder.fetchAs('attacker'), traceparent: newTraceparent() }
  return discover(idp.issuer, transport, idp.metadataAt)
}
