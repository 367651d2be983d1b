import { createLocalJWKSet, jwtVerify } from 'jose'
import type { AttackLab } from '../attacks/lab/attack-lab.ts'
import { serviceCall, tokenIn } from '../attacks/lab/capture.ts'

/** Whether an auditor who has a recorded request and the IdP's public keys can confirm that it was alice's. */
export async function canConfirmUser(lab: AttackLab): Promise<boolean> {
  const { exchanges } = await lab.capture('alice', 'What are my expenses?')
  const token = tokenIn(serviceCall(exchanges))
  if (!token) return false
  const { jwks } = await lab.verifierMaterial()
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks)).catch(() => ({ payload: undefined }))
  return payload?.sub === lab.accounts.subOf('alice')
}
