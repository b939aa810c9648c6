from urllib.parse import urlparse


class Link:
    def __init__(self, raw):
        self.raw = raw

    def full(self):
        return self.raw

    def local(self):
        return "/" + str(len(self.raw))


def host_of(raw):
    return urlparse(raw).netloc
