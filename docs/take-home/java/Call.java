package lab;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One call of one operation: who it is, what was decided, and the one record that it leaves. */
final class Call {
    static final Patterns PATTERN = Patterns.chosen();
    final HttpServletRequest request;
    final Map<String, Object> entry = new HashMap<>();
    Caller caller;
    boolean recorded;

    Call(String tool, String action, HttpServletRequest request) {
        this.request = request;
        entry.putAll(Map.of("tool", tool, "action", action, "resources", List.of()));
        entry.putAll(Map.of("decision", "deny", "decidedBy", "nobody"));
    }

    /** The positions of those that the caller may act on; a refusal where that is none of them. */
    List<Integer> permit(List<Lab.Resource> resources) {
        var action = (String) entry.get("action");
        var decisions = PATTERN.decide().on(caller, action, resources);
        var allowed = IntStream.range(0, resources.size()).filter(at -> decisions.get(at).allow()).boxed().toList();
        var told = decisions.get(allowed.isEmpty() ? 0 : allowed.get(0));
        entry.putAll(Map.of("rule", told.rule(), "reason", told.reason(), "decidedBy", PATTERN.decidedBy()));
        var touched = allowed.isEmpty() ? IntStream.range(0, resources.size()).boxed().toList() : allowed;
        entry.put("resources", touched.stream().map(at -> "expense:" + resources.get(at).id()).toList());
        if (allowed.isEmpty()) {
            var lacks = PATTERN.decidedBy().equals("opa") && !caller.scopes().contains(action);
            var reason = caller.user() + " may not " + action + " here";
            throw new Refused(403, lacks ? "insufficient_scope" : "access_denied", reason);
        }
        entry.put("decision", "allow");
        return allowed;
    }

    /** A change together with its record: both, or neither. */
    Lab.Expense write(String path, int status, Map<String, Object> change) {
        entry.put("status", status);
        var body = new HashMap<>(change);
        body.put("record", entry);
        var written = Lab.write(path, body, request.getHeader("traceparent"));
        recorded = true;
        return written;
    }

    void record(int status) {
        entry.put("status", status);
        Lab.write("/records", entry, request.getHeader("traceparent"));
    }
}
