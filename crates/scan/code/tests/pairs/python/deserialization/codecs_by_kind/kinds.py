import json
import pickle


class Codec:
    def read(self, data):
        raise NotImplementedError


class PickleCodec(Codec):
    def read(self, data):
        # deepruleid: deserialization
        return pickle.loads(data)


class JsonCodec(Codec):
    def read(self, data):
        # ok: deserialization
        return json.loads(data)
