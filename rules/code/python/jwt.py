import jwt


def read(token, key, claims):
    # ruleid: jwt-verify-off
    jwt.decode(token, options={"verify_signature": False})
    # ruleid: jwt-verify-off
    jwt.decode(token, key, verify=False)
    # ok: jwt-verify-off
    jwt.decode(token, key, algorithms=["HS256"])
    # ok: jwt-verify-off
    jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
    # ruleid: jwt-none-algorithm
    jwt.encode(claims, "", algorithm="none")
    # ruleid: jwt-none-algorithm
    jwt.decode(token, key, algorithms=["HS256", "none"])
    # ok: jwt-none-algorithm
    jwt.encode(claims, key, algorithm="HS256")
    # ok: jwt-none-algorithm
    jwt.decode(token, key, algorithms=["ES256"])
    # ruleid: jwt-hardcoded-key
    jwt.encode(claims, "written here", algorithm="HS256")
    # ruleid: jwt-hardcoded-key
    jwt.decode(token, "written here", algorithms=["HS256"])
    # ok: jwt-hardcoded-key
    jwt.encode(claims, key, algorithm="HS256")
    # ok: jwt-hardcoded-key
    jwt.decode(token, key, algorithms=["HS256"])
