package lab;

import java.util.List;
import org.springframework.security.oauth2.jwt.Jwt;

/** What a pattern knows of its caller. */
record Caller(
        String user, List<String> roles, String client, List<String> scopes, List<String> actors, Jwt token) {

    Caller withoutActors() {
        return new Caller(user, roles, client, scopes, List.of(), token);
    }

    Caller withoutScopes() {
        return new Caller(user, roles, client, List.of(), actors, token);
    }
}
