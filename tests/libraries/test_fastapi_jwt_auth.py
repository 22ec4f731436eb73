from checks import Checks, ChecksOfGuards, ChecksWithAudience


class FastApi:
    around = "fastapi_jwt_auth_service"
    # 500: the token's header names an algorithm for which there is no key.
    refusals = {422, 500}


class TestThePublicKey(FastApi, ChecksWithAudience, ChecksOfGuards):
    block = "fastapi_jwt_auth_public"
    algorithms = ["ES256", "RS256"]


class TestTheSharedSecret(FastApi, ChecksWithAudience, ChecksOfGuards):
    block = "fastapi_jwt_auth_shared"


class TestTheTutorialsProfile(FastApi, Checks, ChecksOfGuards):
    block = "fastapi_jwt_auth_shared"
    profile = "fastapi"
