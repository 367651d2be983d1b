package lab;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How a service knows its caller under each pattern, and who decides. */
record Patterns(String scheme, String decidedBy, Function<HttpServletRequest, Caller> identify, Decide decide) {
    interface Decide {
        /** One decision for each resource. */
        List<Lab.Decision> on(Caller caller, String action, List<Lab.Resource> resources);
    }

    private static final AccessToken ANY = new AccessToken(null);
    private static final AccessToken OURS = new AccessToken(System.getenv("AUDIENCE"));

    /** p05, token forwarding: the IdP's signature holds, and nobody asks whom the token was meant for. */
    private static final Patterns P05 = new Patterns("Bearer", "service",
            request -> bearer(request, ANY).withoutScopes().withoutActors(), Patterns::byRoles);

    /** p06, scoped token: only one that is addressed to us (RFC 8707), and OPA decides on role and scope. */
    private static final Patterns P06 = new Patterns("Bearer", "opa",
            request -> bearer(request, OURS).withoutActors(), Lab.opa("scope"));

    /** p07, on behalf of: the acting agents go into decision and record (RFC 8693 section 4.1). */
    private static final Patterns P07 = new Patterns("Bearer", "opa",
            request -> bearer(request, OURS), Lab.opa("relationships"));

    /** p08, token bound: as p07, and the sender proves to hold the token's key (RFC 9449 section 7.1). */
    private static final Patterns P08 = new Patterns("DPoP", "opa", Patterns::proven, Lab.opa("relationships"));

    static Patterns chosen() {
        return Map.of("p05", P05, "p06", P06, "p07", P07, "p08", P08).get(System.getenv("PATTERN"));
    }

    private static Caller proven(HttpServletRequest request) {
        var caller = OURS.verify(AccessToken.from(request.getHeader("authorization"), "DPoP"));
        DpopProof.verify(request.getHeader("dpop"), request.getMethod(), request.getRequestURI(), caller);
        return caller;
    }

    /** A token that is bound to a key is worth nothing without it (RFC 9449 section 7.1). */
    private static Caller bearer(HttpServletRequest request, AccessToken tokens) {
        var caller = tokens.verify(AccessToken.from(request.getHeader("authorization"), "Bearer"));
        if (caller.token().hasClaim("cnf")) throw Refused.token("the token is bound to a key, and came as Bearer");
        return caller;
    }

    /** The roles' rule, in code: an admin everything, a user their own and any approval, a reader their own. */
    private static List<Lab.Decision> byRoles(Caller caller, String action, List<Lab.Resource> resources) {
        return resources.stream().map(resource -> {
            var own = resource.owner().equals(caller.user());
            var may = caller.roles().contains("admin")
                    || caller.roles().contains("user") && (own || action.equals("expenses:approve"))
                    || caller.roles().contains("read-only") && own && action.equals("expenses:read");
            return new Lab.Decision(may, "roles", "by the roles of " + caller.user());
        }).toList();
    }
}
