class Refused(Exception):
    """A refusal: its HTTP status, its error code (RFC 6750 section 3.1, RFC 9449 section 7.1), and its reason."""

    def __init__(self, status: int, code: str, reason: str):
        super().__init__(reason)
        self.status, self.code, self.reason = status, code, reason
