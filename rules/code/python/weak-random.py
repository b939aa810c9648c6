import random
import secrets
import string


def make(user):
    # ruleid: weak-random
    token = "".join(random.choice(string.ascii_letters) for _ in range(32))
    # ruleid: weak-random
    user.reset_code = random.randint(100000, 999999)
    # ok: weak-random
    session_id = secrets.token_hex(16)
    # ok: weak-random
    delay = random.random() * 3
    return token, session_id, delay
