from django.http import HttpResponse

from kinds import JsonCodec, PickleCodec


def unsafe_view(request):
    codec = PickleCodec()
    codec.read(request.body)
    return HttpResponse("done")


def safe_view(request):
    codec = JsonCodec()
    codec.read(request.body)
    return HttpResponse("done")
