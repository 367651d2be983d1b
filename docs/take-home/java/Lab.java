package lab;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;

/** What a company has behind a service: database, log, clock, users, OPA. Here all of it is the lab's. */
final class Lab {
    record Expense(int id, String owner, double amount, String description, String status) {}
    record Resource(String type, String id, String owner) {}
    record Decision(boolean allow, String rule, String reason) {}
    private record Answer(List<Decision> result) {}

    private static final RestClient HTTP = RestClient.builder()
            .baseUrl(System.getenv("LAB_URL")).requestFactory(new SimpleClientHttpRequestFactory()).build();

    /** The clock that attacks move; in your service it is `Clock.systemUTC()`. */
    static final Clock CLOCK = new Clock() {
        public Instant instant() {
            return Instant.ofEpochMilli(((Number) get("/clock", Map.class).get("now")).longValue());
        }

        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    static String userOf(String sub) {
        var user = get("/users/{sub}", Map.class, sub);
        return user == null ? null : (String) user.get("name");
    }

    /** What is there, or null. */
    static <T> T get(String path, Class<T> type, Object... parts) {
        try {
            return HTTP.get().uri(path, parts).retrieve().body(type);
        } catch (HttpClientErrorException.NotFound absent) {
            return null;
        }
    }

    /** Writes to database or log, under the caller's trace (W3C Trace Context). A 409 says: done already. */
    static Expense write(String path, Object body, String traceparent) {
        var request = HTTP.post().uri(path).contentType(MediaType.APPLICATION_JSON).body(body);
        if (traceparent != null) request = request.header("traceparent", traceparent);
        try {
            return request.retrieve().body(Expense.class);
        } catch (RestClientResponseException error) {
            if (error.getStatusCode().value() == 409) throw new Refused(409, "conflict", "it is approved already");
            throw new Refused(503, "audit_unavailable", "this cannot be recorded");
        }
    }

    /** OPA's REST API. Without one decision for each resource nothing is allowed. */
    static Patterns.Decide opa(String policy) {
        return (caller, action, resources) -> {
            var input = Map.of("subject", Map.of("user", caller.user(), "roles", caller.roles()), "client", caller.client(),
                    "actors", caller.actors(), "scopes", caller.scopes(), "action", action, "resources", resources);
            var answer = HTTP.post().uri(System.getenv("OPA_URL") + "/v1/data/agentauth/" + policy + "/decisions")
                    .contentType(MediaType.APPLICATION_JSON).body(Map.of("input", input)).retrieve().body(Answer.class);
            if (answer == null || answer.result() == null || answer.result().size() != resources.size())
                throw new Refused(503, "pdp_unavailable", "OPA gives no decision");
            return answer.result();
        };
    }
}
