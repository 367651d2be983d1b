import { newTraceparent } from '@lab/services'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { discover } from '../../sign-in/index.ts'

/** The IdP's endpoints, as anybody can look them up. */
export async function idpMetadata({ stack: { idp, recorder } }: PatternRunner) {
  const transport = { fetch: recorder.fetchAs('attacker'), traceparent: newTraceparent() }
  return discover(idp.issuer, transport, idp.metadataAt)
}
