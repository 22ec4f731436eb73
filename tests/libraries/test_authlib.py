from checks import Checks, ChecksWithAudience


class TestThePublicKeyWithJoserfc(ChecksWithAudience):
    block = "joserfc_public"
    algorithms = ["ES256", "EdDSA", "RS256"]


class TestTheSharedSecretWithJoserfc(ChecksWithAudience):
    block = "joserfc_shared"


class TestTheTutorialsProfileWithJoserfc(Checks):
    block = "joserfc_shared"
    profile = "fastapi"


class TestThePublicKeyWithAuthlib(ChecksWithAudience):
    around = "authlib_service"
    block = "authlib_public"
    algorithms = ["ES256", "RS256"]


class TestTheSharedSecretWithAuthlib(ChecksWithAudience):
    around = "authlib_service"
    block = "authlib_shared"
