package lab;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.ResponseEntity;

/** An operation: who calls, what it does, what is recorded, what is answered. */
final class Operation {
    interface Work {
        Object of(Call call);
    }

    /** Runs an operation. Nobody is answered before the record is written: neither with rows nor with a refusal. */
    static ResponseEntity<Object> run(String tool, String action, int status, HttpServletRequest request, Work work) {
        var call = new Call(tool, action, request);
        try {
            var caller = call.caller = Call.PATTERN.identify().apply(request);
            call.entry.putAll(Map.of("user", caller.user(), "client", caller.client(), "scopes", caller.scopes(),
                    "actors", caller.actors(), "jti", caller.token().getId()));
            var body = work.of(call);
            if (!call.recorded) call.record(status);
            return ResponseEntity.status(status).body(body);
        } catch (RuntimeException error) {
            return refuse(call, error instanceof Refused known ? known : new Refused(500, "internal_error", "unexpected"));
        }
    }

    private static ResponseEntity<Object> refuse(Call call, Refused refused) {
        call.entry.putIfAbsent("reason", refused.getMessage());
        // What was permitted and had nothing to change (409) stays permitted.
        if (refused.status != 409) call.entry.put("decision", refused.status >= 500 ? "error" : "deny");
        try {
            call.record(refused.status);
        } catch (RuntimeException error) {
            refused = new Refused(503, "audit_unavailable", "this cannot be recorded");
        }
        var answer = ResponseEntity.status(refused.status);
        if (refused.status == 401) // RFC 9110 section 15.5.2, RFC 6750 section 3.1
            answer.header("www-authenticate", Call.PATTERN.scheme() + " realm=\"expenses\", error=\"" + refused.code + "\"");
        return answer.body(Map.of("error", refused.code, "reason", refused.getMessage()));
    }
}
