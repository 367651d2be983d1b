import { createLocalJWKSet, jwtVerify } from 'jose'
import type { Attacker } from '../../attacks/attacker/attacker.ts'
import { serviceCall, tokenIn } from '../../attacks/attacker/capture.ts'

/** True if an auditor who has a recorded request and the IdP's public keys can confirm that it was alice's. */
export async function canConfirmUser(attacker: Attacker): Promise<boolean> {
  const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
  const token = tokenIn(serviceCall(exchanges))
  if (!token) return false
  const { jwks } = await attacker.verifierMaterial()
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks)).catch(() => ({ payload: undefined }))
  return payload?.sub === attacker.accounts.subOf('alice')
}
