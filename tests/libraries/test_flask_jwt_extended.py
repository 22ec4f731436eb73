from checks import Checks, ChecksOfGuards, ChecksWithAudience


class Flask:
    around = "flask_jwt_extended_service"
    refusals = {401, 422}


class TestThePublicKey(Flask, ChecksWithAudience, ChecksOfGuards):
    block = "flask_jwt_extended_public"
    algorithms = ["ES256", "EdDSA", "RS256"]


class TestTheSharedSecret(Flask, ChecksWithAudience, ChecksOfGuards):
    block = "flask_jwt_extended_shared"


class TestTheTutorialsProfile(Flask, Checks, ChecksOfGuards):
    block = "flask_jwt_extended_shared"
    profile = "fastapi"
