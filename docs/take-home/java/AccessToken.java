package lab;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.*;

/** Verifies access tokens (RFC 9068 section 4). The decoder keeps the IdP's keys, and asks again for an unknown `kid`. */
final class AccessToken {
    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final Duration MAX_AGE = Duration.ofHours(1);
    private final NimbusJwtDecoder decoder;

    /** @param audience whom tokens must be addressed to; null: a token for any service is good here */
    AccessToken(String audience) {
        decoder = NimbusJwtDecoder.withJwkSetUri(System.getenv("JWKS_URI"))
                .jwsAlgorithm(SignatureAlgorithm.ES256) // RFC 8725 section 3.1: neither `none` nor HMAC
                .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier( // RFC 9068 section 2.1
                        new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"))))
                .build();
        var time = new JwtTimestampValidator(LEEWAY);
        time.setClock(Lab.CLOCK);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                time,
                new JwtIssuerValidator(System.getenv("ISSUER")),
                new JwtClaimValidator<Object>("exp", Objects::nonNull),
                new JwtClaimValidator<Object>("jti", Objects::nonNull),
                new JwtClaimValidator<Instant>("iat", AccessToken::isFresh),
                new JwtClaimValidator<List<String>>("aud", aud -> audience == null || aud.contains(audience))));
    }

    /** Takes the token out of `Authorization: <scheme> <token>` (RFC 6750 section 2.1, RFC 9449 section 7.1). */
    static String from(String header, String scheme) {
        if (header == null || header.isEmpty()) throw new Refused(401, "missing_credential", "no " + scheme + " token");
        var parts = header.split(" ", -1);
        if (parts.length != 2 || !parts[0].equalsIgnoreCase(scheme) || parts[1].isEmpty())
            throw Refused.token("the Authorization header is not \"" + scheme + " <token>\"");
        return parts[1];
    }

    Caller verify(String token) {
        Jwt jwt;
        try {
            jwt = decoder.decode(token);
        } catch (BadJwtException error) {
            throw Refused.token(error.getMessage());
        } catch (JwtException error) { // the keys cannot be fetched: an outage, and never a yes
            throw new Refused(503, "idp_unavailable", "no keys of the IdP");
        }
        var user = Lab.userOf(jwt.getSubject());
        if (user == null) throw Refused.token("the token names a user who is not known here");
        var roles = jwt.getClaimAsStringList("roles");
        var scope = jwt.getClaimAsString("scope");
        var scopes = scope == null || scope.isBlank() ? List.<String>of() : List.of(scope.split(" "));
        var client = String.valueOf(jwt.getClaims().getOrDefault("azp", ""));
        return new Caller(user, roles == null ? List.of() : roles, client, scopes, actors(jwt.getClaim("act")), jwt);
    }

    /** Neither from the future nor from too long ago. */
    private static boolean isFresh(Instant issued) {
        var now = Lab.CLOCK.instant();
        return issued != null && issued.isBefore(now.plus(LEEWAY)) && issued.isAfter(now.minus(MAX_AGE).minus(LEEWAY));
    }

    /** The chain of acting agents, outermost first (RFC 8693 section 4.1). */
    private static List<String> actors(Object act) {
        var actors = new ArrayList<String>();
        for (; act instanceof Map<?, ?> actor; act = actor.get("act")) actors.add(String.valueOf(actor.get("sub")));
        return actors;
    }
}
