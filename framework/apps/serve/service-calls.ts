import { serviceNames } from '@lab/contract'
import type { AuditSink } from '../../trace/audit/event.ts'
import type { Recorder } from '../../trace/recorder/recorder.ts'
import type { LoggedCall } from './call-log.ts'

/**
 * Tells of each call to a service that came past the MCP server: from the documentation page, or from a client of your
 * own. What comes by the MCP server is told there.
 * @param recorder is asked for once a service is called
 */
export function loggingServiceCalls(
  recorder: () => Pick<Recorder, 'beginnerOf'>,
  onCall: (call: LoggedCall) => void,
): AuditSink {
  return ({ source, tool, action, user, client, status = 0, decidedBy, reason, trace = '' }) => {
    if (!serviceNames.some((name) => name === source) || recorder().beginnerOf(trace) !== undefined) return
    const who = user ?? client
    onCall({
      what: `${source} ${tool ?? action}`,
      ...(who && { who }),
      status,
      ...(decidedBy && { decidedBy }),
      ...(reason && { reason }),
    })
  }
}
