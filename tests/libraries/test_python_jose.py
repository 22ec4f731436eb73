from checks import Checks, ChecksWithAudience


class TestThePublicKey(ChecksWithAudience):
    block = "jose_public"
    algorithms = ["ES256", "RS256"]


class TestTheSharedSecret(ChecksWithAudience):
    block = "jose_shared"


class TestTheTutorialsProfile(Checks):
    block = "jose_shared"
    profile = "fastapi"
