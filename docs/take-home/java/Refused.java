package lab;

/** A refusal: its HTTP status, its error code (RFC 6750 section 3.1, RFC 9449 section 7.1), and its reason. */
final class Refused extends RuntimeException {
    final int status;
    final String code;

    Refused(int status, String code, String reason) {
        super(reason);
        this.status = status;
        this.code = code;
    }

    static Refused token(String reason) {
        return new Refused(401, "invalid_token", reason);
    }

    static Refused proof(String reason) {
        return new Refused(401, "invalid_dpop_proof", reason);
    }
}
