from django.http import JsonResponse

import service


def unsafe_view(request):
    return JsonResponse({"rows": service.search(request.GET["q"])})


def safe_view(request):
    return JsonResponse({"rows": service.lookup(request.GET["q"])})
