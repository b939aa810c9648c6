from store import Store


def search(text):
    return Store("shop.db").by_clause(f"name LIKE '{text}'")


def lookup(text):
    return Store("shop.db").by_name(text)
