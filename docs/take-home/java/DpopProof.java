package lab;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Verifies that the sender holds the key that a token is bound to (RFC 9449 section 4.3 and section 7.1). */
final class DpopProof {
    private static final Duration MAX_AGE = Duration.ofSeconds(60);
    private static final Duration MAX_AHEAD = Duration.ofSeconds(30);
    private static final int CAPACITY = 100_000;
    /** Proofs that were seen here, until they are too old. One process; with more, keep them together. */
    private static final Map<String, Instant> SEEN = new HashMap<>();

    static void verify(String proof, String method, String path, Caller caller) {
        var token = caller.token();
        var jkt = token.getClaim("cnf") instanceof Map<?, ?> cnf ? cnf.get("jkt") : null;
        if (jkt == null) throw Refused.token("the token is bound to no key (cnf.jkt)");
        if (proof == null) throw Refused.proof("the token is bound to a key, and no proof came with it");
        var now = Lab.CLOCK.instant();
        try {
            var jwt = SignedJWT.parse(proof);
            var header = jwt.getHeader();
            if (header.getType() == null || !header.getType().getType().equals("dpop+jwt"))
                throw Refused.proof("typ: not a DPoP proof");
            if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) throw Refused.proof("alg: not ES256");
            var key = header.getJWK();
            if (key == null || key.isPrivate()) throw Refused.proof("the proof must carry a public key");
            if (!jwt.verify(new ECDSAVerifier(key.toECKey()))) throw Refused.proof("the signature does not hold");
            if (!key.computeThumbprint().toString().equals(jkt))
                throw Refused.proof("the proof was made with another key than the token is bound to");
            var claims = jwt.getJWTClaimsSet();
            if (!method.equals(claims.getStringClaim("htm"))) throw Refused.proof("the proof was made for another method (htm)");
            // The base is configured: `Host` is the sender's choice.
            if (!target(claims.getStringClaim("htu")).equals(target(System.getenv("BASE_URL") + path)))
                throw Refused.proof("the proof was made for another URL (htu)");
            var hash = MessageDigest.getInstance("SHA-256").digest(token.getTokenValue().getBytes(StandardCharsets.UTF_8));
            if (!Base64URL.encode(hash).toString().equals(claims.getStringClaim("ath")))
                throw Refused.proof("the proof was made for another token (ath)");
            var issued = claims.getIssueTime().toInstant();
            if (issued.isBefore(now.minus(MAX_AGE)) || issued.isAfter(now.plus(MAX_AHEAD)))
                throw Refused.proof("iat: too old, or from the future");
            var jti = claims.getJWTID();
            if (jti.isEmpty() || jti.length() > 256) throw Refused.proof("jti: not a short text");
            if (!remember(jkt + "." + jti, now)) throw Refused.proof("this proof was used before (jti)");
        } catch (Refused refused) {
            throw refused;
        } catch (Exception unreadable) {
            throw Refused.proof("no readable proof");
        }
    }

    /** Section 11.1. A cache that is full refuses: to forget a live entry would let its replay through. */
    private static synchronized boolean remember(String key, Instant now) {
        SEEN.values().removeIf(until -> until.isBefore(now));
        if (SEEN.size() >= CAPACITY) throw new Refused(503, "replay_cache_full", "too many proofs at once");
        return SEEN.putIfAbsent(key, now.plus(MAX_AGE).plus(MAX_AHEAD).plusSeconds(1)) == null;
    }

    /** A URL without query and fragment, in lower case where case does not matter. */
    private static String target(String text) {
        var url = URI.create(text).normalize();
        return (url.getScheme() + "://" + url.getRawAuthority()).toLowerCase() + url.getRawPath();
    }
}
