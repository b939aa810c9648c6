from django import forms
from shop.models import Item


def create(request):
    # ruleid: mass-assignment
    Item.objects.create(**request.POST.dict())
    # ruleid: mass-assignment
    Item(**request.data).save()
    # ok: mass-assignment
    Item.objects.create(name=request.POST["name"])
    # ok: mass-assignment
    Item(name=request.POST["name"]).save()


class Everything(forms.ModelForm):
    class Meta:
        model = Item
        # ruleid: modelform-all-fields
        fields = "__all__"


class More(forms.ModelForm):
    note = forms.CharField()

    class Meta:
        model = Item
        # ruleid: modelform-all-fields
        fields = "__all__"


class Listed(forms.ModelForm):
    class Meta:
        model = Item
        # ok: modelform-all-fields
        fields = ["name", "price"]


class Plain:
    # ok: modelform-all-fields
    fields = "__all__"
