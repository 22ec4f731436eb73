from checks import Checks, ChecksWithAudience


class TestThePublicKey(ChecksWithAudience):
    block = "pyjwt_public"
    algorithms = ["ES256", "EdDSA", "RS256"]


class TestTheSharedSecret(ChecksWithAudience):
    block = "pyjwt_shared"


class TestTheTutorialsProfile(Checks):
    block = "pyjwt_shared"
    profile = "fastapi"
